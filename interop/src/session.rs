//! A rendezvous session over HTTP, as plainly as MSC4388 has it.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::{Agent, Body, http::Response};

use crate::Result;

const PATH: &str = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
const POLL_INTERVAL: Duration = Duration::from_millis(5);
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Session {
    pub base_url: String,
    pub id: String,
    /// The token that came with what was last read or written.
    pub sequence_token: String,
    agent: Agent,
    endpoint: String,
}

impl Session {
    pub fn create(base_url: &str) -> Result<Self> {
        let mut session = Self::unopened(base_url);
        let created = body(session.agent.post(&session.endpoint).send_json(json!({ "data": "" }))?)?;
        session.id = member(&created, "id")?;
        session.sequence_token = member(&created, "sequence_token")?;
        Ok(session)
    }

    pub fn join(base_url: &str, id: &str) -> Result<Self> {
        let mut session = Self { id: id.to_owned(), ..Self::unopened(base_url) };
        let (data, sequence_token) = session.read()?;
        if !data.is_empty() {
            return Err("the session is in use".into());
        }
        session.sequence_token = sequence_token;
        Ok(session)
    }

    pub fn send(&mut self, data: &str) -> Result<()> {
        let request = json!({ "sequence_token": self.sequence_token, "data": data });
        let written = body(self.agent.put(&self.url()).send_json(request)?)?;
        self.sequence_token = member(&written, "sequence_token")?;
        Ok(())
    }

    pub fn receive(&mut self) -> Result<String> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let (data, sequence_token) = self.read()?;
            if sequence_token != self.sequence_token {
                self.sequence_token = sequence_token;
                return Ok(data);
            }
            sleep(POLL_INTERVAL);
        }
        Err("nothing came".into())
    }

    fn unopened(base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            id: String::new(),
            sequence_token: String::new(),
            agent: Agent::new_with_defaults(),
            endpoint: format!("{}{PATH}", base_url.strip_suffix('/').unwrap_or(base_url)),
        }
    }

    fn read(&self) -> Result<(String, String)> {
        let read = body(self.agent.get(&self.url()).call()?)?;
        Ok((member(&read, "data")?, member(&read, "sequence_token")?))
    }

    fn url(&self) -> String {
        format!("{}/{}", self.endpoint, self.id)
    }
}

fn body(mut response: Response<Body>) -> Result<Value> {
    Ok(response.body_mut().read_json()?)
}

fn member(body: &Value, name: &str) -> Result<String> {
    Ok(body[name].as_str().ok_or_else(|| format!("no {name}"))?.to_owned())
}
