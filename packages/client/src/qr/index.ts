/**
 * What the QR code says, as bytes: the 2025 version (MSC4388) and the 2024 version (MSC4108).
 *
 * @module
 */
export { type DecodedQrCode, decodeQrCode } from "./decode.ts";
export { encodeQrCode } from "./encode.ts";
export {
  type ExistingDeviceQrCode2024,
  type Intent,
  type NewDeviceQrCode2024,
  type QrCode,
  type QrCode2025,
  QrCodeError,
  type QrCodeErrorCode,
  type QrCodeField,
} from "./qr-code.ts";
