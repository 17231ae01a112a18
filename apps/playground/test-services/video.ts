import type { Modules } from "../src/qr/picture.ts";

const [WIDTH, HEIGHT] = [640, 480];
const FRAMES = 24;
/** The first frames show a wall. */
const EMPTY_FRAMES = 6;
/** In pixels, of one module as the camera sees it. */
const MODULE = 6;
const [PAPER, INK, WALL, GREY] = [225, 30, 150, 128];

/** A film in YUV4MPEG2, which Chromium takes for a camera: somebody holds a QR code, not quite still, before a wall. */
export function video(modules: Modules): Buffer {
  const chroma = Buffer.alloc((WIDTH / 2) * (HEIGHT / 2) * 2, GREY);
  const frames = Array.from({ length: FRAMES }, (_, index) => {
    const shake = Math.round(6 * Math.sin(index));
    return [Buffer.from("FRAME\n"), index < EMPTY_FRAMES ? wall() : picture(modules, shake), chroma];
  });
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`), ...frames.flat()]);
}

function wall(): Buffer {
  return Buffer.alloc(WIDTH * HEIGHT, WALL);
}

function picture(modules: Modules, shake: number): Buffer {
  const luma = wall();
  const side = modules.length * MODULE;
  const left = Math.floor((WIDTH - side) / 2) + shake;
  const top = Math.floor((HEIGHT - side) / 2) - Math.round(shake / 2);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const black = modules[Math.floor(y / MODULE)]?.[Math.floor(x / MODULE)];
      luma[(top + y) * WIDTH + left + x] = black ? INK : PAPER;
    }
  }
  return luma;
}
