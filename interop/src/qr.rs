//! The QR code of MSC4388, with its unstable prefix.

use vodozemac::Curve25519PublicKey;

use crate::Result;

const PREFIX: &[u8] = b"IO_ELEMENT_MSC4388\x03";

pub struct QrCode {
    /// 0 for a new device, 1 for an existing one.
    pub intent: u8,
    pub public_key: Curve25519PublicKey,
    pub rendezvous_id: String,
    pub base_url: String,
}

impl QrCode {
    pub fn encode(&self) -> Vec<u8> {
        let id = self.rendezvous_id.as_bytes();
        let url = self.base_url.as_bytes();
        let id_length = u8::try_from(id.len()).expect("an ID is short");
        let url_length = u16::try_from(url.len()).expect("a base URL is short");
        [PREFIX, &[self.intent], self.public_key.as_bytes(), &[id_length], id, &url_length.to_be_bytes(), url].concat()
    }

    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let rest = bytes.strip_prefix(PREFIX).ok_or("not a code of MSC4388")?;
        let (intent, rest) = rest.split_at_checked(1).ok_or("no intent")?;
        let (key, rest) = rest.split_at_checked(32).ok_or("no key")?;
        let (length, rest) = rest.split_at_checked(1).ok_or("no length")?;
        let (id, rest) = rest.split_at_checked(length[0].into()).ok_or("no ID")?;
        let (length, url) = rest.split_at_checked(2).ok_or("no length")?;
        if url.len() != usize::from(u16::from_be_bytes([length[0], length[1]])) {
            return Err("the base URL has another length".into());
        }
        Ok(Self {
            intent: intent[0],
            public_key: Curve25519PublicKey::from_slice(key)?,
            rendezvous_id: String::from_utf8(id.to_vec())?,
            base_url: String::from_utf8(url.to_vec())?,
        })
    }
}

pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn from_hex(text: &str) -> Result<Vec<u8>> {
    let digits = text.as_bytes().chunks(2).map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?));
    digits.collect()
}
