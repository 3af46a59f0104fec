//! Responses and SOAP faults, read by local names and whatever the order of their members.

mod members;

use super::operation::Operation;
use super::xml::{self, Element};
use crate::evidence::SoapFaultSeen;

pub use members::{
    AuthConfig, AuthorizationCookie, ConfigData, Cookie, DecryptionData, Deployments, FileUrl, Language,
    RevisionIdList, Update, UpdateData, UpdateIdentity,
};

/// What a body turned out to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Received {
    /// The response of the operation.
    Answer(Answer),
    /// A SOAP fault, of SOAP 1.1 or 1.2.
    Fault(SoapFaultSeen),
    /// Neither; why not.
    NotSoap(String),
}

/// The response of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the operations")]
pub enum Answer {
    GetAuthConfig(AuthConfig),
    GetAuthorizationCookie(AuthorizationCookie),
    GetCookie(Cookie),
    GetConfigData(ConfigData),
    GetRevisionIdList(RevisionIdList),
    GetUpdateData(UpdateData),
    GetUpdateDecryptionData(DecryptionData),
    GetDeployments(Deployments),
}

/// Reads the body that answered a call of `operation`.
pub fn decode(operation: Operation, body: &[u8]) -> Received {
    let envelope = match xml::read(body) {
        Ok(envelope) if envelope.name == "Envelope" => envelope,
        Ok(other) => return Received::NotSoap(format!("its root element is {}, not Envelope", other.name)),
        Err(reason) => return Received::NotSoap(format!("the body is not well-formed XML: {reason}")),
    };
    let Some(content) = envelope.child("Body").and_then(Element::first_child) else {
        return Received::NotSoap("the envelope has no body".to_owned());
    };
    if content.name == "Fault" {
        return Received::Fault(fault(content));
    }
    if content.name != format!("{operation}Response") {
        return Received::NotSoap(format!("it is a {}, not a {operation}Response", content.name));
    }
    let Some(result) = content.child(&format!("{operation}Result")) else {
        return Received::NotSoap(format!("the {operation}Response has no {operation}Result"));
    };
    match answer(operation, result) {
        Ok(answer) => Received::Answer(answer),
        Err(reason) => Received::NotSoap(format!("the {operation}Result cannot be used: {reason}")),
    }
}

fn answer(operation: Operation, result: &Element) -> Result<Answer, String> {
    Ok(match operation {
        Operation::GetAuthConfig => Answer::GetAuthConfig(AuthConfig::read(result)?),
        Operation::GetAuthorizationCookie => Answer::GetAuthorizationCookie(AuthorizationCookie::read(result)?),
        Operation::GetCookie => Answer::GetCookie(Cookie::read(result)?),
        Operation::GetConfigData => Answer::GetConfigData(ConfigData::read(result)?),
        Operation::GetRevisionIdList => Answer::GetRevisionIdList(RevisionIdList::read(result)?),
        Operation::GetUpdateData => Answer::GetUpdateData(UpdateData::read(result)?),
        Operation::GetUpdateDecryptionData => Answer::GetUpdateDecryptionData(DecryptionData::read(result)?),
        Operation::GetDeployments => Answer::GetDeployments(Deployments::read(result)?),
    })
}

/// [MS-WSUSSS] 2.2.9, and the same of SOAP 1.2. The children of the detail have no namespace in one implementation and
/// one in another.
fn fault(fault: &Element) -> SoapFaultSeen {
    let value = |name: &str| fault.value(name).map(str::to_owned);
    let below = |outer: &str, inner: &str| Some(fault.child(outer)?.value(inner)?.to_owned());
    let detail = fault.descendant("detail");
    let told = |name: &str| Some(detail?.descendant(name)?.text().trim().to_owned());
    SoapFaultSeen {
        code: value("faultcode").or_else(|| below("Code", "Value")).unwrap_or_default(),
        text: value("faultstring").or_else(|| below("Reason", "Text")).unwrap_or_default(),
        actor: value("faultactor").or_else(|| value("Node")).or_else(|| value("Role")),
        error_code: told("ErrorCode"),
        message: told("Message"),
        method: told("Method"),
    }
}

#[cfg(test)]
mod tests;
