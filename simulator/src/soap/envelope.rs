//! Envelopes: what stands around a response, and the shape of a fault, in the manner of each implementation.

use super::Personality;
use super::draft::Draft;
use super::fault::SoapFault;
use super::message::Response;
use super::read::Namespace;
use super::write::{Sink, Writer};
use crate::body::Body;
use crate::catalogue::Guid;

/// The version of SOAP that a request came in and its answer goes out in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    Soap11,
    Soap12,
}

impl Version {
    /// The namespace of its envelope.
    pub(crate) const fn namespace(self) -> Namespace {
        match self {
            Version::Soap11 => Namespace::Soap11,
            Version::Soap12 => Namespace::Soap12,
        }
    }

    /// The media type of its messages.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Version::Soap11 => "text/xml; charset=utf-8",
            Version::Soap12 => "application/soap+xml; charset=utf-8",
        }
    }
}

/// Who writes, in which version.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) personality: Personality,
    pub(crate) version: Version,
    /// Whether it is Microsoft Update, whose faults differ from those of WCF services on a WSUS server.
    pub(crate) is_public: bool,
}

/// The namespaces that a body declares, needed or not.
const SCHEMAS: &str = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                       xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"";

/// What an application fault says beside its code: where and when it happened.
#[derive(Clone, Debug)]
pub(crate) struct Circumstances<'a> {
    /// The URL as the server saw it.
    pub(crate) actor: &'a str,
    /// The SOAPAction as it was received, quotes included.
    pub(crate) method: &'a str,
    /// `ID` of this instance.
    pub(crate) id: Guid,
}

/// A fault of the framework, raised before the application has seen the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FrameworkFault {
    /// The client's fault, in the framework's words.
    Client(String),
    /// The server's fault, in the framework's words.
    Server(String),
    /// No operation for this action (WCF).
    ActionNotSupported(String),
    /// The message cannot be turned into the operation's arguments (WCF).
    DeserializationFailed(String),
    /// An envelope of an unexpected namespace.
    VersionMismatch(String),
}

impl Style {
    /// A successful answer.
    pub(crate) fn response(self, response: &Response) -> Body {
        let mut sink = Draft::with_capacity(response.expected_size());
        let mut writer = Writer::new(&mut sink, self.personality);
        self.around(&mut writer, SCHEMAS, |writer| {
            let operation = response.operation();
            writer.raw("<");
            writer.raw(operation.name());
            writer.raw("Response xmlns=\"");
            writer.raw(operation.namespace().uri());
            if response.says_nothing() {
                return writer.raw(if self.personality == Personality::Asmx { "\" />" } else { "\"/>" });
            }
            writer.raw("\">");
            response.write(writer);
            writer.raw("</");
            writer.raw(operation.name());
            writer.raw("Response>");
        });
        sink.into_body()
    }

    /// An application fault ([MS-WSUSSS] 2.2.9), which carries `Method` besides what is specified.
    pub(crate) fn fault(self, fault: &SoapFault, at: &Circumstances<'_>) -> Vec<u8> {
        let mut detail = Vec::with_capacity(512);
        let mut writer = Writer::new(&mut detail, self.personality);
        writer.text("ErrorCode", fault.code.name());
        writer.raw("<Message>");
        writer.escaped(&fault.message);
        writer.raw("</Message>");
        writer.value("ID", at.id);
        writer.text("Method", at.method);
        let reason = match self.is_public {
            false => "Fault occurred".to_owned(),
            true => format!("Fault occurred {}", fault.code.name()),
        };
        let code = self.code(fault.code.blames_server());
        self.faulted(&code, &reason, Some(at.actor), &String::from_utf8_lossy(&detail))
    }

    /// A fault of the framework.
    pub(crate) fn framework_fault(self, fault: &FrameworkFault) -> Vec<u8> {
        /// Where WCF's own codes live.
        const OF: &str =
            " xmlns:a=\"http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher\"";
        const ACTION: &str = " xmlns:a=\"http://schemas.microsoft.com/ws/2005/05/addressing/none\"";
        match fault {
            FrameworkFault::Client(reason) => self.faulted(&self.code(false), reason, None, ""),
            FrameworkFault::Server(reason) => self.faulted(&self.code(true), reason, None, ""),
            FrameworkFault::VersionMismatch(reason) => {
                self.faulted(&format!("{}VersionMismatch", self.prefix()), reason, None, "")
            }
            FrameworkFault::ActionNotSupported(reason) => self.foreign(ACTION, "a:ActionNotSupported", reason),
            FrameworkFault::DeserializationFailed(reason) => self.foreign(OF, "a:DeserializationFailed", reason),
        }
    }

    fn around<S: Sink>(self, writer: &mut Writer<'_, S>, schemas: &str, inside: impl FnOnce(&mut Writer<'_, S>)) {
        match self.personality {
            Personality::Asmx => {
                writer.raw("<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope xmlns:soap=\"");
                writer.raw(self.version.namespace().uri());
                writer.raw("\"");
                writer.raw(schemas);
                writer.raw("><soap:Body>");
                inside(writer);
                writer.raw("</soap:Body></soap:Envelope>");
            }
            Personality::Wcf => {
                writer.raw("<s:Envelope xmlns:s=\"");
                writer.raw(self.version.namespace().uri());
                writer.raw("\"><s:Body");
                writer.raw(schemas);
                writer.raw(">");
                inside(writer);
                writer.raw("</s:Body></s:Envelope>");
            }
        }
    }

    /// WCF names no actor; ASP.NET names it where the application raised the fault.
    fn faulted(self, code: &str, reason: &str, actor: Option<&str>, detail: &str) -> Vec<u8> {
        let mut sink = Vec::with_capacity(1024);
        let mut writer = Writer::new(&mut sink, self.personality);
        let actor = actor.filter(|_| self.personality == Personality::Asmx);
        // A fault of the agents' services on a WSUS server was seen to declare no schemas.
        let is_bare = self.personality == Personality::Wcf && !self.is_public;
        self.around(&mut writer, if is_bare { "" } else { SCHEMAS }, |writer| match self.version {
            Version::Soap11 => self.fault_11(writer, code, reason, actor, detail),
            Version::Soap12 => fault_12(writer, code, reason, actor, detail),
        });
        sink
    }

    fn fault_11(self, writer: &mut Writer<'_, Vec<u8>>, code: &str, reason: &str, actor: Option<&str>, detail: &str) {
        let prefix = self.prefix();
        writer.wrap(&format!("{prefix}Fault"), |writer| {
            writer.text("faultcode", code);
            match self.is_public {
                false => writer.text("faultstring", reason),
                true => {
                    writer.raw("<faultstring xml:lang=\"en-US\">");
                    writer.escaped(reason);
                    writer.raw("</faultstring>");
                }
            }
            if let Some(actor) = actor {
                writer.text("faultactor", actor);
            }
            match (detail, self.personality) {
                ("", Personality::Asmx) => writer.empty("detail"),
                ("", Personality::Wcf) => {}
                (detail, _) => writer.wrap("detail", |writer| writer.raw(detail)),
            }
        });
    }

    fn foreign(self, declaration: &str, code: &str, reason: &str) -> Vec<u8> {
        let plain = self.faulted(code, reason, None, "");
        let plain = String::from_utf8_lossy(&plain);
        plain.replacen("<faultcode>", &format!("<faultcode{declaration}>"), 1).into_bytes()
    }

    fn prefix(self) -> &'static str {
        match self.personality {
            Personality::Asmx => "soap:",
            Personality::Wcf => "s:",
        }
    }

    fn code(self, blames_server: bool) -> String {
        let word = match (self.version, blames_server) {
            (Version::Soap11, false) => "Client",
            (Version::Soap11, true) => "Server",
            (Version::Soap12, false) => "Sender",
            (Version::Soap12, true) => "Receiver",
        };
        format!("{}{word}", self.prefix())
    }
}

/// Only ASP.NET speaks SOAP 1.2 here, so that the prefix is `soap:`. The specification puts the detail into an element
/// `Detail` without a namespace, which is not SOAP's own.
fn fault_12(writer: &mut Writer<'_, Vec<u8>>, code: &str, reason: &str, actor: Option<&str>, detail: &str) {
    writer.wrap("soap:Fault", |writer| {
        writer.wrap("soap:Code", |writer| writer.text("soap:Value", code));
        writer.wrap("soap:Reason", |writer| {
            writer.raw("<soap:Text xml:lang=\"en\">");
            writer.escaped(reason);
            writer.raw("</soap:Text>");
        });
        if let Some(actor) = actor {
            writer.text("soap:Node", actor);
        }
        match detail {
            "" => writer.empty("soap:Detail"),
            detail => writer.wrap("Detail", |writer| writer.raw(detail)),
        }
    });
}
