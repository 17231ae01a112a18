//! One device as a program: reads commands as lines of JSON, and answers each with a line. Whoever started it is the
//! user with two devices in hand, and carries the QR code and the check code from one to the other.
//!
//! - `{"do":"show","intent":0|1,"base_url":…}` answers `{"qr_code":hex}`, then `{"check_code":…}` once it was scanned.
//! - `{"do":"scan","qr_code":hex}` answers `{"check_code":…}` once the channel is established.
//! - `{"do":"send","message":…}` answers `{"sent":true}`, `{"do":"receive"}` answers `{"message":…}`.
//!
//! What fails is answered with `{"error":…}`, and ends the program.

mod channel;
mod qr;
mod session;

use std::error::Error;
use std::io::{BufRead, Lines, StdinLock, Write, stdin, stdout};

use serde_json::{Value, json};

use channel::Channel;
use qr::QrCode;
use session::Session;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() {
    let mut commands = stdin().lock().lines();
    if let Err(error) = run(&mut commands) {
        say(&json!({ "error": error.to_string() }));
        std::process::exit(1);
    }
}

fn run(commands: &mut Lines<StdinLock>) -> Result<()> {
    let mut channel: Option<Channel> = None;
    for line in commands {
        let command: Value = serde_json::from_str(&line?)?;
        match text(&command, "do")? {
            "show" => channel = Some(show(&command)?),
            "scan" => channel = Some(scan(&command)?),
            "send" => {
                established(&mut channel)?.send(text(&command, "message")?)?;
                say(&json!({ "sent": true }));
            }
            "receive" => {
                let message = established(&mut channel)?.receive()?;
                say(&json!({ "message": message }));
            }
            unknown => return Err(format!("unknown command {unknown}").into()),
        }
    }
    Ok(())
}

fn show(command: &Value) -> Result<Channel> {
    let intent = command["intent"].as_u64().ok_or("no intent")? as u8;
    let base_url = text(command, "base_url")?;
    let offer = channel::Offer::new(Session::create(base_url)?);
    let code = QrCode {
        intent,
        public_key: offer.public_key(),
        rendezvous_id: offer.session.id.clone(),
        base_url: base_url.to_owned(),
    };
    say(&json!({ "qr_code": qr::to_hex(&code.encode()) }));
    let channel = offer.accept()?;
    say(&json!({ "check_code": channel.check_code() }));
    Ok(channel)
}

fn scan(command: &Value) -> Result<Channel> {
    let code = QrCode::decode(&qr::from_hex(text(command, "qr_code")?)?)?;
    let session = Session::join(&code.base_url, &code.rendezvous_id)?;
    let channel = channel::join(session, code.public_key)?;
    say(&json!({ "check_code": channel.check_code() }));
    Ok(channel)
}

fn established(channel: &mut Option<Channel>) -> Result<&mut Channel> {
    channel.as_mut().ok_or_else(|| "there is no channel yet".into())
}

fn text<'a>(command: &'a Value, member: &str) -> Result<&'a str> {
    command[member].as_str().ok_or_else(|| format!("no {member}").into())
}

fn say(words: &Value) {
    println!("{words}");
    stdout().flush().expect("somebody listens");
}
