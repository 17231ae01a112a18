import { frameLoop, QRCanvas, rearCamera } from "qr/dom.js";
import { binaryOf, bytesOf } from "../bytes.ts";

/** Where the camera's picture and the frame around a found code are shown, one over the other. */
export interface Finder {
  readonly video: HTMLVideoElement;
  readonly overlay: HTMLCanvasElement;
}

/**
 * Looks through the camera until it sees a QR code, and lets go of the camera.
 *
 * @returns the code's bytes, or `undefined` where `signal` was aborted first
 * @throws DOMException where there is no camera, or the user does not allow it
 */
export async function scanWithCamera({ video, overlay }: Finder, signal: AbortSignal): Promise<Uint8Array | undefined> {
  const camera = await rearCamera(video);
  const canvas = new QRCanvas({ overlay }, { textDecoder: binaryOf });
  const { promise, resolve } = Promise.withResolvers<Uint8Array | undefined>();
  signal.addEventListener("abort", () => resolve(undefined), { once: true });
  const stop = frameLoop(async () => {
    // A frame may still come after its element has gone from the page.
    if (!video.isConnected) return;
    const found = await camera.readFrame(canvas, true);
    if (typeof found === "string") resolve(bytesOf(found));
  }, video);
  try {
    if (signal.aborted) return undefined;
    return await promise;
  } finally {
    stop();
    camera.stop();
    canvas.clear();
  }
}
