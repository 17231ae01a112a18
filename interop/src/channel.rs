//! The secure channel of MSC4388: vodozemac's cryptography, bound to the session as matrix-rust-sdk binds it.

use url::Url;
use vodozemac::Curve25519PublicKey;
use vodozemac::hpke::{
    BidirectionalCreationResult, DigitMode, EstablishedHpkeChannel, HpkeRecipientChannel, HpkeSenderChannel,
    InitialMessage, InitialResponse, Message, RecipientCreationResult, SenderCreationResult,
};

use crate::Result;
use crate::session::Session;

const INITIATE: &[u8] = b"MATRIX_QR_CODE_LOGIN_INITIATE";
const OK: &[u8] = b"MATRIX_QR_CODE_LOGIN_OK";

/// What the device that shows the QR code has until somebody scans it.
pub struct Offer {
    pub session: Session,
    recipient: HpkeRecipientChannel,
}

impl Offer {
    pub fn new(session: Session) -> Self {
        Self { session, recipient: HpkeRecipientChannel::new() }
    }

    pub fn public_key(&self) -> Curve25519PublicKey {
        self.recipient.public_key()
    }

    pub fn accept(mut self) -> Result<Channel> {
        let open_with = additional_data(&self.session)?;
        let initiate = InitialMessage::decode(&self.session.receive()?)?;
        let RecipientCreationResult { channel, message } = self.recipient.establish_channel(&initiate, &open_with)?;
        must_be(&message, INITIATE)?;
        let seal_with = additional_data(&self.session)?;
        let BidirectionalCreationResult { channel, message } = channel.establish_bidirectional_channel(OK, &seal_with);
        self.session.send(&message.encode())?;
        Ok(Channel { session: self.session, cipher: channel })
    }
}

/// Joins the channel of the device whose QR code has `public_key`.
pub fn join(mut session: Session, public_key: Curve25519PublicKey) -> Result<Channel> {
    let seal_with = additional_data(&session)?;
    let SenderCreationResult { channel, message } =
        HpkeSenderChannel::new().establish_channel(public_key, INITIATE, &seal_with)?;
    session.send(&message.encode())?;
    let open_with = additional_data(&session)?;
    let ok = InitialResponse::decode(&session.receive()?)?;
    let BidirectionalCreationResult { channel, message } = channel.establish_bidirectional_channel(&ok, &open_with)?;
    must_be(&message, OK)?;
    Ok(Channel { session, cipher: channel })
}

pub struct Channel {
    session: Session,
    cipher: EstablishedHpkeChannel,
}

impl Channel {
    pub fn check_code(&self) -> String {
        self.cipher.check_code().to_digit(DigitMode::NoLeadingZero).to_string()
    }

    /// Messages go to and fro, so that the token last seen is the one last received.
    pub fn send(&mut self, message: &str) -> Result<()> {
        let sealed = self.cipher.seal(message.as_bytes(), &additional_data(&self.session)?);
        self.session.send(&sealed.encode())
    }

    /// Messages go to and fro, so that the token last seen is the one last written.
    pub fn receive(&mut self) -> Result<String> {
        let open_with = additional_data(&self.session)?;
        let sealed = Message::decode(&self.session.receive()?)?;
        Ok(String::from_utf8(self.cipher.open(&sealed, &open_with)?)?)
    }
}

/// What is authenticated with a message: the base URL as a URL parser writes it, the ID and the token.
fn additional_data(session: &Session) -> Result<Vec<u8>> {
    let url = Url::parse(&session.base_url)?;
    let url_length = u16::try_from(url.as_str().len())?.to_be_bytes();
    let id_length = [u8::try_from(session.id.len())?];
    let token_length = [u8::try_from(session.sequence_token.len())?];
    Ok([
        url_length.as_slice(),
        url.as_str().as_bytes(),
        &id_length,
        session.id.as_bytes(),
        &token_length,
        session.sequence_token.as_bytes(),
    ]
    .concat())
}

fn must_be(message: &[u8], expected: &[u8]) -> Result<()> {
    if message == expected { Ok(()) } else { Err("the handshake message does not say what it must".into()) }
}
