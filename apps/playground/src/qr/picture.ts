import encodeQR from "qr";
import decodeQR from "qr/decode.js";
import { binaryOf, bytesOf } from "../bytes.ts";

/** Black is `true`. Square, with the quiet zone that scanners need. */
export type Modules = readonly (readonly boolean[])[];

/** Pixels, four bytes each: red, green, blue, alpha. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** In modules, on each side. ISO/IEC 18004 asks for four. */
export const QUIET_ZONE = 4;

/** MSC4388 "QR code format": binary mode, error correction level Q. */
export function draw(bytes: Uint8Array): Modules {
  const options = { ecc: "quartile", encoding: "byte", textEncoder: bytesOf, border: QUIET_ZONE } as const;
  return encodeQR(binaryOf(bytes), "raw", options);
}

/** What a camera would see that looks straight at it; `scale` is pixels per module. */
export function paint(modules: Modules, scale: number): Picture {
  const width = modules.length * scale;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  for (let pixel = 0; pixel < width * width; pixel += 1) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    if (modules[Math.floor(y / scale)]?.[Math.floor(x / scale)]) data.fill(0, pixel * 4, pixel * 4 + 3);
  }
  return { width, height: width, data };
}

/** The bytes of the QR code in a picture, or `undefined` where none can be read. Takes its time. */
export function read(picture: Picture): Uint8Array | undefined {
  const { width, height, data } = picture;
  const patience = { effort: Number.POSITIVE_INFINITY, timeLimit: 2_000 };
  try {
    return bytesOf(decodeQR({ width, height, data }, { textDecoder: binaryOf, ...patience }));
  } catch {
    // The library says so by throwing, whatever the reason.
    return undefined;
  }
}
