//! The description of the services (WSDL 1.1), generated from tables of their types, so that a stock generator makes a
//! client of it. Written from the tables of [MS-WSUSSS] 3.1.4.

use std::fmt::Write;

use super::message::Operation;
use super::read::Namespace;
use super::route::Endpoint;
use super::{Personality, ServiceSettings};

mod tables;

use tables::{Complex, Member, Occurs};

/// The description of a service at this address.
pub(super) fn of(endpoint: Endpoint, personality: Personality, settings: &ServiceSettings, address: &str) -> String {
    let operations: Vec<Operation> = endpoint.offered(settings).collect();
    let (namespace, monitorable) = (endpoint.namespace().uri(), Namespace::Monitorable.uri());
    let mut text = String::with_capacity(16 * 1024);
    let _ = write!(
        text,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><wsdl:definitions xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" \
         xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\" xmlns:soap12=\"http://schemas.xmlsoap.org/wsdl/soap12/\" \
         xmlns:s=\"http://www.w3.org/2001/XMLSchema\" xmlns:g=\"{GUIDS}\" xmlns:m=\"{monitorable}\" \
         xmlns:tns=\"{namespace}\" targetNamespace=\"{namespace}\">"
    );
    types(&mut text, endpoint, personality);
    messages(&mut text, endpoint, &operations);
    let bindings: &[Binding] = match personality {
        Personality::Asmx => &[Binding::Soap11, Binding::Soap12],
        Personality::Wcf => &[Binding::Soap11],
    };
    bindings.iter().for_each(|binding| binding.write(&mut text, endpoint, &operations));
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

    fn write(self, text: &mut String, endpoint: Endpoint, operations: &[Operation]) {
        let (prefix, tail) = self.words();
        let port = port_type(endpoint);
        let _ = write!(
            text,
            "<wsdl:binding name=\"{port}{tail}\" type=\"tns:{port}\">\
             <{prefix}:binding transport=\"http://schemas.xmlsoap.org/soap/http\" style=\"document\" />"
        );
        for operation in operations {
            let (namespace, name) = (operation.namespace().uri(), operation.name());
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
    text.push_str("<wsdl:types>");
    let types = tables::types(endpoint, personality);
    schema(text, endpoint.namespace(), tables::elements(endpoint), &types, extra(endpoint));
    schema(text, Namespace::Monitorable, tables::MONITORING_ELEMENTS, tables::MONITORING_TYPES, "");
    let _ = write!(
        text,
        "<s:schema elementFormDefault=\"qualified\" targetNamespace=\"{GUIDS}\"><s:simpleType name=\"guid\">\
         <s:restriction base=\"s:string\"><s:pattern value=\"[0-9a-fA-F]{{8}}(-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}}\" />\
         </s:restriction></s:simpleType></s:schema></wsdl:types>"
    );
}

fn schema(text: &mut String, namespace: Namespace, elements: &[Complex], types: &[Complex], extra: &str) {
    let _ = write!(
        text,
        "<s:schema elementFormDefault=\"qualified\" targetNamespace=\"{}\"><s:import namespace=\"{GUIDS}\" />",
        namespace.uri()
    );
    for element in elements {
        let _ = write!(text, "<s:element name=\"{}\"><s:complexType>", element.name);
        sequence(text, element.members);
        text.push_str("</s:complexType></s:element>");
    }
    for complex in types {
        let _ = write!(text, "<s:complexType name=\"{}\">", complex.name);
        sequence(text, complex.members);
        attributes(text, complex.name);
        text.push_str("</s:complexType>");
    }
    text.push_str(extra);
    text.push_str("</s:schema>");
}

/// The only simple type of the services.
const fn extra(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Reporting => {
            "<s:simpleType name=\"ComputerChangeType\"><s:restriction base=\"s:string\">\
             <s:enumeration value=\"Deleted\" /><s:enumeration value=\"NewParent\" /></s:restriction></s:simpleType>"
        }
        _ => "",
    }
}

fn attributes(text: &mut String, name: &str) {
    for tables::Attribute(name, kind, is_required) in tables::attributes(name) {
        let required = if *is_required { " use=\"required\"" } else { "" };
        let _ = write!(text, "<s:attribute name=\"{name}\" type=\"{kind}\"{required} />");
    }
}

fn sequence(text: &mut String, members: &[Member]) {
    if members.is_empty() {
        return;
    }
    text.push_str("<s:sequence>");
    for Member(occurs, name, kind) in members {
        let occurs = match (occurs, *kind) {
            (Occurs::Once, _) => "minOccurs=\"1\" maxOccurs=\"1\"",
            (Occurs::Maybe, _) => "minOccurs=\"0\" maxOccurs=\"1\"",
            (Occurs::Often, tables::GUID | tables::INT) => "minOccurs=\"0\" maxOccurs=\"unbounded\"",
            // MS-WSUSSS 6: an item may be nil wherever its type is none of .NET's value types.
            (Occurs::Often, _) => "minOccurs=\"0\" maxOccurs=\"unbounded\" nillable=\"true\"",
        };
        let _ = write!(text, "<s:element {occurs} name=\"{name}\" type=\"{kind}\" />");
    }
    text.push_str("</s:sequence>");
}

fn messages(text: &mut String, endpoint: Endpoint, operations: &[Operation]) {
    for operation in operations {
        let name = operation.name();
        let prefix = if operation.namespace() == Namespace::Monitorable { "m" } else { "tns" };
        let _ = write!(
            text,
            "<wsdl:message name=\"{name}SoapIn\"><wsdl:part name=\"parameters\" element=\"{prefix}:{name}\" />\
             </wsdl:message><wsdl:message name=\"{name}SoapOut\"><wsdl:part name=\"parameters\" \
             element=\"{prefix}:{name}Response\" /></wsdl:message>"
        );
    }
    let _ = write!(text, "<wsdl:portType name=\"{}\">", port_type(endpoint));
    for operation in operations {
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
        Endpoint::Reporting => "WebServiceSoap",
        _ => "ServerSyncProxySoap",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::soap::read::{Element, parse};

    const SERVICES: [Endpoint; 3] = [Endpoint::ServerSync, Endpoint::DssAuth, Endpoint::Reporting];

    fn settings() -> ServiceSettings {
        ServiceSettings::wsus("upstream", "10.0.20348.2227", "1.20")
    }

    fn names<'e>(element: &'e Element<'_>, name: &str, found: &mut Vec<&'e str>) {
        if element.name == name {
            found.push(element.name);
        }
        element.children.iter().for_each(|child| names(child, name, found));
    }

    #[test]
    fn a_description_is_well_formed_and_has_every_operation() {
        for endpoint in SERVICES {
            let text = of(endpoint, Personality::Asmx, &settings(), "http://a/?b&c");
            let root = parse(&text).unwrap().root;
            let mut found = Vec::new();
            names(&root, "operation", &mut found);
            assert_eq!(found.len(), endpoint.offered(&settings()).count() * 5);
            assert!(text.contains("location=\"http://a/?b&amp;c\""));
        }
    }

    #[test]
    fn every_type_that_is_used_is_defined_and_every_operation_has_its_elements() {
        for endpoint in SERVICES {
            let (elements, types) = (tables::elements(endpoint), tables::types(endpoint, Personality::Asmx));
            let defined: BTreeSet<&str> = types.iter().map(|complex| complex.name).collect();
            let own = |kind: &str| {
                kind.strip_prefix("tns:").is_none_or(|own| defined.contains(own) || own == "ComputerChangeType")
            };
            let members = elements.iter().chain(&types).flat_map(|complex: &Complex| complex.members);
            for Member(_, name, kind) in members {
                assert!(own(kind), "{name}: {kind}");
            }
            for operation in endpoint.offered(&settings()).filter(|operation| *operation != Operation::Ping) {
                for name in [operation.name().to_owned(), format!("{}Response", operation.name())] {
                    assert!(elements.iter().any(|element| element.name == name), "{name}");
                }
            }
        }
    }
}
