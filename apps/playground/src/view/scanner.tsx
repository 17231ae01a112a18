import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { scanWithCamera } from "../qr/camera.ts";
import { read } from "../qr/picture.ts";
import { Icon } from "./icon.tsx";

interface ScannerProps {
  readonly found: (bytes: Uint8Array) => void;
  /** Why what was found last is not used. */
  readonly problem: string | undefined;
}

/** Finds a QR code with the camera, or in a picture of it. */
export function Scanner({ found, problem }: ScannerProps): JSX.Element {
  const looking = useSignal(false);
  const trouble = useSignal<string | undefined>(undefined);
  const end = (bytes: Uint8Array | undefined, words: string | undefined): void => {
    looking.value = false;
    trouble.value = words;
    if (bytes) found(bytes);
  };
  const choose = async (event: Event): Promise<void> => {
    const [file] = (event.currentTarget as HTMLInputElement).files ?? [];
    if (file === undefined) return;
    const bytes = await readFile(file);
    end(bytes, bytes ? undefined : "There is no QR code in that picture that can be read.");
  };
  const words = trouble.value ?? problem;
  return (
    <div class="scanner">
      {looking.value && <Viewfinder end={end} />}
      <div class="scanner__choices">
        <button type="button" class="button" onClick={() => (looking.value = !looking.value)}>
          <Icon name="camera" />
          {looking.value ? "Stop the camera" : "Use the camera"}
        </button>
        <label class="button scanner__file">
          Choose a picture
          <input type="file" accept="image/*" class="visually-hidden" onChange={(event) => void choose(event)} />
        </label>
      </div>
      {words && (
        <p class="scanner__trouble" role="alert">
          {words}
        </p>
      )}
    </div>
  );
}

type End = (bytes: Uint8Array | undefined, words: string | undefined) => void;

function Viewfinder({ end }: { readonly end: End }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const gone = new AbortController();
    if (video.current && overlay.current) {
      const finder = { video: video.current, overlay: overlay.current };
      scanWithCamera(finder, gone.signal).then(
        (bytes) => bytes && end(bytes, undefined),
        (error) => end(undefined, cameraTrouble(error)),
      );
    }
    return () => gone.abort();
  }, []);
  return (
    <div class="viewfinder">
      <video ref={video} muted playsInline aria-label="What the camera sees" />
      <canvas ref={overlay} />
    </div>
  );
}

function cameraTrouble(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError") return "The camera may not be used. Allow it for this page, or choose a picture.";
  if (name === "NotFoundError" || name === "OverconstrainedError")
    return "No camera was found. Choose a picture instead.";
  return "The camera cannot be used here. Choose a picture instead.";
}

/** The longer side of a picture as it is searched, in pixels: photographs have more than it takes. */
const LONGEST_SIDE = 1_600;

async function readFile(file: Blob): Promise<Uint8Array | undefined> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (bitmap === undefined) return undefined;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  context?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const pixels = context?.getImageData(0, 0, canvas.width, canvas.height);
  return pixels && read(pixels);
}
