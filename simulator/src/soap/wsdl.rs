//! The description of the services (WSDL 1.1), generated from tables of their types, so that a stock generator makes a
//! client of it. Written from the tables of [MS-WSUSSS] 3.1.4.

use std::fmt::Write;

use super::Personality;
use super::route::Endpoint;

mod tables;

use tables::{Member, Occurs};

/// The description of a service at this address.
pub(super) fn of(endpoint: Endpoint, personality: Personality, address: &str) -> String {
    let namespace = endpoint.namespace().uri();
    let mut text = String::with_capacity(16 * 1024);
    let _ = write!(
        text,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><wsdl:definitions xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" \
         xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\" xmlns:soap12=\"http://schemas.xmlsoap.org/wsdl/soap12/\" \
         xmlns:s=\"http://www.w3.org/2001/XMLSchema\" xmlns:g=\"{GUIDS}\" xmlns:tns=\"{namespace}\" \
         targetNamespace=\"{namespace}\">"
    );
    types(&mut text, endpoint, personality);
    messages(&mut text, endpoint);
    let bindings: &[Binding] = match personality {
        Personality::Asmx => &[Binding::Soap11, Binding::Soap12],
        Personality::Wcf => &[Binding::Soap11],
    };
    bindings.iter().for_each(|binding| binding.write(&mut text, endpoint));
    service(&mut text, endpoint, bindings, address);
    text.push_str("</wsdl:definitions>");
    text
}

const GUIDS: &str = "http://microsoft.com/wsdl/types/";

/// The two bindings of a service.
#[derive(Clone, Copy)]
enum Binding {
    Soap11,
    Soap12,
}

impl Binding {
    /// Prefix of its elements, and what follows the port type's name in its own.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Binding::Soap11 => ("soap", ""),
            Binding::Soap12 => ("soap12", "12"),
        }
    }

    fn write(self, text: &mut String, endpoint: Endpoint) {
        let (prefix, tail) = self.words();
        let port = port_type(endpoint);
        let namespace = endpoint.namespace().uri();
        let _ = write!(
            text,
            "<wsdl:binding name=\"{port}{tail}\" type=\"tns:{port}\">\
             <{prefix}:binding transport=\"http://schemas.xmlsoap.org/soap/http\" style=\"document\" />"
        );
        for operation in endpoint.operations() {
            let name = operation.name();
            let _ = write!(
                text,
                "<wsdl:operation name=\"{name}\">\
                 <{prefix}:operation soapAction=\"{namespace}/{name}\" style=\"document\" />\
                 <wsdl:input><{prefix}:body use=\"literal\" /></wsdl:input>\
                 <wsdl:output><{prefix}:body use=\"literal\" /></wsdl:output></wsdl:operation>"
            );
        }
        text.push_str("</wsdl:binding>");
    }
}

fn types(text: &mut String, endpoint: Endpoint, personality: Personality) {
    let namespace = endpoint.namespace().uri();
    let _ = write!(
        text,
        "<wsdl:types><s:schema elementFormDefault=\"qualified\" targetNamespace=\"{namespace}\">\
         <s:import namespace=\"{GUIDS}\" />"
    );
    for element in tables::elements(endpoint) {
        let _ = write!(text, "<s:element name=\"{}\"><s:complexType>", element.name);
        sequence(text, element.members);
        text.push_str("</s:complexType></s:element>");
    }
    for complex in tables::types(endpoint, personality) {
        let _ = write!(text, "<s:complexType name=\"{}\">", complex.name);
        sequence(text, complex.members);
        text.push_str("</s:complexType>");
    }
    let _ = write!(
        text,
        "</s:schema><s:schema elementFormDefault=\"qualified\" targetNamespace=\"{GUIDS}\"><s:simpleType name=\"guid\">\
         <s:restriction base=\"s:string\"><s:pattern value=\"[0-9a-fA-F]{{8}}(-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}}\" />\
         </s:restriction></s:simpleType></s:schema></wsdl:types>"
    );
}

fn sequence(text: &mut String, members: &[Member]) {
    if members.is_empty() {
        return;
    }
    text.push_str("<s:sequence>");
    for Member(occurs, name, kind) in members {
        let occurs = match occurs {
            Occurs::Once => "minOccurs=\"1\" maxOccurs=\"1\"",
            Occurs::Maybe => "minOccurs=\"0\" maxOccurs=\"1\"",
            Occurs::Often => "minOccurs=\"0\" maxOccurs=\"unbounded\"",
        };
        let _ = write!(text, "<s:element {occurs} name=\"{name}\" type=\"{kind}\" />");
    }
    text.push_str("</s:sequence>");
}

fn messages(text: &mut String, endpoint: Endpoint) {
    for operation in endpoint.operations() {
        let name = operation.name();
        let _ = write!(
            text,
            "<wsdl:message name=\"{name}SoapIn\"><wsdl:part name=\"parameters\" element=\"tns:{name}\" /></wsdl:message>\
             <wsdl:message name=\"{name}SoapOut\"><wsdl:part name=\"parameters\" element=\"tns:{name}Response\" />\
             </wsdl:message>"
        );
    }
    let _ = write!(text, "<wsdl:portType name=\"{}\">", port_type(endpoint));
    for operation in endpoint.operations() {
        let name = operation.name();
        let _ = write!(
            text,
            "<wsdl:operation name=\"{name}\"><wsdl:input message=\"tns:{name}SoapIn\" />\
             <wsdl:output message=\"tns:{name}SoapOut\" /></wsdl:operation>"
        );
    }
    text.push_str("</wsdl:portType>");
}

fn service(text: &mut String, endpoint: Endpoint, bindings: &[Binding], address: &str) {
    let address = quick_xml::escape::escape(address);
    let port = port_type(endpoint);
    let _ = write!(text, "<wsdl:service name=\"{}\">", port.trim_end_matches("Soap"));
    for binding in bindings {
        let (prefix, tail) = binding.words();
        let _ = write!(
            text,
            "<wsdl:port name=\"{port}{tail}\" binding=\"tns:{port}{tail}\"><{prefix}:address location=\"{address}\" />\
             </wsdl:port>"
        );
    }
    text.push_str("</wsdl:service>");
}

const fn port_type(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::DssAuth => "DssAuthWebServiceSoap",
        _ => "ServerSyncProxySoap",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::collections::BTreeSet;

    use super::tables::Complex;
    use super::*;
    use crate::soap::read::{Element, parse};

    const SERVICES: [Endpoint; 2] = [Endpoint::ServerSync, Endpoint::DssAuth];

    fn names<'e>(element: &'e Element<'_>, name: &str, found: &mut Vec<&'e str>) {
        if element.name == name {
            found.push(element.name);
        }
        element.children.iter().for_each(|child| names(child, name, found));
    }

    #[test]
    fn a_description_is_well_formed_and_has_every_operation() {
        for endpoint in SERVICES {
            let text = of(endpoint, Personality::Asmx, "http://a/?b&c");
            let root = parse(&text).unwrap().root;
            let mut found = Vec::new();
            names(&root, "operation", &mut found);
            assert_eq!(found.len(), endpoint.operations().len() * 5);
            assert!(text.contains("location=\"http://a/?b&amp;c\""));
        }
    }

    #[test]
    fn every_type_that_is_used_is_defined_and_every_operation_has_its_elements() {
        for endpoint in SERVICES {
            let (elements, types) = (tables::elements(endpoint), tables::types(endpoint, Personality::Asmx));
            let defined: BTreeSet<&str> = types.iter().map(|complex| complex.name).collect();
            let members = elements.iter().chain(&types).flat_map(|complex: &Complex| complex.members);
            for Member(_, name, kind) in members {
                let own = kind.strip_prefix("tns:");
                assert!(own.is_none_or(|own| defined.contains(own)), "{name}: {kind}");
            }
            for operation in endpoint.operations() {
                for name in [operation.name().to_owned(), format!("{}Response", operation.name())] {
                    assert!(elements.iter().any(|element| element.name == name), "{name}");
                }
            }
        }
    }
}
