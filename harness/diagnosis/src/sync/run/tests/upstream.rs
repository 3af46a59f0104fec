//! A courier that answers from a script.

use time::format_description::well_known::Rfc3339;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::evidence::{CallSeen, Ended, ExchangeSeen, Head};
use crate::network::ExamineError;
use crate::path::Scheme;
use crate::sync::operation::NAMESPACE;
use crate::sync::{Carried, Courier, Message, Operation};

pub(super) const ONE: &str = "11111111-1111-1111-1111-111111111111";
pub(super) const TWO: &str = "22222222-2222-2222-2222-222222222222";

/// A tiny upstream: one category, and the updates given.
pub(super) struct Upstream {
    pub(super) updates: Vec<&'static str>,
    /// How many updates one answer holds.
    pub(super) at_once: usize,
    pub(super) withheld: Option<&'static str>,
    pub(super) most: u32,
    pub(super) blob: &'static str,
    /// Status, type and SOAP body for one operation.
    pub(super) instead: Option<(Operation, u16, &'static str, &'static str)>,
    /// What asks for more revisions than these is answered 404.
    pub(super) most_asked: usize,
    /// The next call of the operation is answered with this ErrorCode; each once, in order.
    pub(super) faults: Vec<(Operation, &'static str)>,
    /// How many calls of the operation come before them.
    pub(super) faults_after: usize,
    /// How much time passes with every call.
    pub(super) tick: Duration,
    /// How long a cookie lasts.
    pub(super) lasts: Duration,
    pub(super) now: OffsetDateTime,
    pub(super) asked: Vec<Message>,
    pub(super) kept: Vec<CallSeen>,
}

impl Default for Upstream {
    fn default() -> Upstream {
        let (asked, kept) = (Vec::new(), Vec::new());
        Upstream {
            updates: vec![ONE],
            at_once: 100,
            withheld: None,
            most: 100,
            blob: "&lt;u/&gt;",
            instead: None,
            most_asked: usize::MAX,
            faults: Vec::new(),
            faults_after: 0,
            tick: Duration::ZERO,
            lasts: Duration::hours(2),
            now: datetime!(2026-10-04 18:00 UTC),
            asked,
            kept,
        }
    }
}

impl Upstream {
    /// The operations, in the order in which they were called.
    pub(super) fn operations(&self) -> Vec<&str> {
        self.kept.iter().map(|call| call.operation.as_str()).collect()
    }

    fn result(&self, message: &Message) -> String {
        match message.operation {
            Operation::GetAuthConfig => "<AuthInfo><AuthPlugInInfo><PlugInID>DssTargeting</PlugInID><ServiceUrl>\
                 DssAuthWebService/DssAuthWebService.asmx</ServiceUrl></AuthPlugInInfo></AuthInfo>"
                .to_owned(),
            Operation::GetAuthorizationCookie => {
                "<PlugInId>DssTargeting</PlugInId><CookieData>AQ==</CookieData>".to_owned()
            }
            Operation::GetCookie => {
                let expiration = (self.now + self.lasts).format(&Rfc3339).unwrap();
                format!("<Expiration>{expiration}</Expiration><EncryptedData>AQ==</EncryptedData>")
            }
            Operation::GetConfigData => format!(
                "<MaxNumberOfUpdatesPerRequest>{}</MaxNumberOfUpdatesPerRequest><ProtocolVersion>1.20</ProtocolVersion>\
                 <MaxUpdatesPerRequestInGetUpdateDecryptionData>1</MaxUpdatesPerRequestInGetUpdateDecryptionData>",
                self.most
            ),
            Operation::GetUpdateDecryptionData => {
                let asked = [ONE, TWO].into_iter().filter(|id| message.body.contains(id));
                let key = |id: &str| {
                    let file =
                        "<ServerSyncFileDecryption><DecryptionKey>SECRET==</DecryptionKey></ServerSyncFileDecryption>";
                    let id = identity(id).replace("UpdateIdentity", "UpdateId");
                    let keys = format!("<FileDecryptionData>{file}</FileDecryptionData>");
                    format!("<ServerSyncUpdateFileDecryption>{id}{keys}</ServerSyncUpdateFileDecryption>")
                };
                let keys: String = asked.filter(|id| *id != TWO).map(key).collect();
                format!("<UpdateFileDecryptionData>{keys}</UpdateFileDecryptionData>")
            }
            Operation::GetDeployments => {
                let deployment = |id: &str| {
                    format!(
                        "<ServerSyncDeployment><UpdateId>{id}</UpdateId><RevisionNumber>1</RevisionNumber></ServerSyncDeployment>"
                    )
                };
                let deployments = [ONE, "33333333-3333-3333-3333-333333333333"].map(deployment).concat();
                format!("<Groups><ServerSyncTargetGroup /></Groups><Deployments>{deployments}</Deployments>")
            }
            Operation::GetRevisionIdList => {
                let config = message.body.contains("<GetConfig>true</GetConfig>");
                let ids: Vec<&str> = if config { vec![TWO] } else { self.updates.clone() };
                format!(
                    "<Anchor>7,x</Anchor><NewRevisions>{}</NewRevisions>",
                    ids.iter().map(|id| identity(id)).collect::<String>()
                )
            }
            Operation::GetUpdateData => {
                let config = self.operations().iter().filter(|name| **name == "GetRevisionIdList").count() == 1;
                let asked = [ONE, TWO].into_iter().filter(|id| message.body.contains(id));
                let given = asked.filter(|id| config || self.withheld != Some(*id)).take(self.at_once);
                let url = "<ServerSyncUrlData><FileDigest>AQ==</FileDigest></ServerSyncUrlData>";
                let updates: String = given.map(|id| self.update(id)).collect();
                format!("<updates>{updates}</updates><fileUrls>{url}</fileUrls>")
            }
        }
    }

    fn update(&self, id: &str) -> String {
        let identity = identity(id).replace("UpdateIdentity", "Id");
        format!("<ServerSyncUpdateData>{identity}<XmlUpdateBlob>{}</XmlUpdateBlob></ServerSyncUpdateData>", self.blob)
    }
}

impl Courier for Upstream {
    fn carry(&mut self, message: &Message) -> Result<Carried, ExamineError> {
        self.asked.push(message.clone());
        let operation = message.operation;
        self.now += self.tick;
        let before = self.asked.iter().filter(|message| message.operation == operation).count() - 1;
        let due = self.faults.iter().position(|(at, _)| *at == operation && self.faults_after <= before);
        let fault = due.map(|index| self.faults.remove(index).1);
        let (status, content_type, body) = match self.instead {
            _ if fault.is_some() => (500, "text/xml", soap_fault(fault.unwrap_or_default())),
            Some((at, status, content_type, body)) if at == operation => (status, content_type, body.to_owned()),
            _ if self.most_asked < message.body.matches("<UpdateIdentity>").count() => {
                (404, "text/html", String::new())
            }
            _ => {
                let result = self.result(message);
                let body = format!(
                    "<{operation}Response xmlns=\"{NAMESPACE}\"><{operation}Result>{result}</{operation}Result></{operation}Response>"
                );
                (200, "text/xml; charset=utf-8", body)
            }
        };
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        let exchange = ExchangeSeen {
            method: "POST".to_owned(),
            scheme: Scheme::Http,
            target: message.path.clone(),
            answer: Some(Head { status, reason: String::new(), headers }),
            body: body.clone(),
            ended: Ended::Complete,
        };
        let body = format!("<s:Envelope xmlns:s=\"s\"><s:Body>{body}</s:Body></s:Envelope>").into_bytes();
        Ok(Carried { exchange, body: Ok(body), elapsed_ms: 0 })
    }

    fn now(&self) -> OffsetDateTime {
        self.now
    }

    fn keep(&mut self, call: CallSeen, _elapsed_ms: u64) {
        self.kept.push(call);
    }
}

fn identity(id: &str) -> String {
    format!("<UpdateIdentity><UpdateID>{id}</UpdateID><RevisionNumber>1</RevisionNumber></UpdateIdentity>")
}

fn soap_fault(error_code: &str) -> String {
    format!("<s:Fault><faultcode>s:Client</faultcode><detail><ErrorCode>{error_code}</ErrorCode></detail></s:Fault>")
}
