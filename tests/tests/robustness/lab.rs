//! A world with all nodes and nothing wrong, on a runtime of its own, and a good request for each of its listeners.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::UdpSocket;
use std::time::Duration;

use simulator::running::Listener;
use simulator::world::{Dns, MicrosoftUpdate, Node, Pki, Proxy, Upstream};
use simulator::{Running, StartOptions, World};

use super::DEADLINE;
use super::talk::{Stream, connect, connect_tls, converse};

/// A running world. Its nodes work on the runtime's threads while the test blocks its own.
pub(crate) struct Lab {
    running: Running,
    runtime: tokio::runtime::Runtime,
}

impl Lab {
    pub(crate) fn start() -> Lab {
        let nodes = BTreeMap::from([
            ("microsoft-update".to_owned(), Node::MicrosoftUpdate(MicrosoftUpdate::default())),
            ("upstream".to_owned(), Node::Upstream(Upstream::default())),
            ("proxy".to_owned(), Node::Proxy(Proxy::default())),
            ("dns".to_owned(), Node::Dns(Dns::default())),
            ("pki".to_owned(), Node::Pki(Pki::default())),
        ]);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let running = runtime.block_on(World { nodes }.start(StartOptions::default())).unwrap();
        Lab { running, runtime }
    }

    pub(crate) fn listener(&self, node: &str, name: &str) -> &Listener {
        let found = self.running.listeners.iter().find(|listener| listener.node == node && listener.name == name);
        found.unwrap_or_else(|| panic!("no {node}/{name} among {:?}", self.running.listeners))
    }

    /// Every TCP listener, that of the DNS node included.
    pub(crate) fn tcp(&self) -> impl Iterator<Item = &Listener> {
        self.running
            .listeners
            .iter()
            .filter(|listener| self.running.plan.tcp.get(&listener.lab) == Some(&listener.address))
    }

    /// Every listener that speaks TLS.
    pub(crate) fn tls(&self) -> impl Iterator<Item = &Listener> {
        self.running.listeners.iter().filter(|listener| listener.url.starts_with("https:"))
    }

    /// A fresh connection to each web service, with the value of its Host field.
    pub(crate) fn services(&self) -> Vec<(String, Box<dyn Stream>)> {
        let upstream = "wsus01.corp.example";
        vec![
            (format!("{upstream}:8530"), Box::new(connect(self.listener("upstream", "http").address))),
            (format!("{upstream}:8531"), connect_tls(self.listener("upstream", "https"))),
            ("sws.update.microsoft.com".to_owned(), connect_tls(self.listener("microsoft-update", "sws"))),
            ("sws1.update.microsoft.com".to_owned(), connect_tls(self.listener("microsoft-update", "sws1"))),
        ]
    }

    pub(crate) fn send_datagrams(&self, datagrams: &[Vec<u8>]) {
        let (_, dns) = self.running.plan.udp.iter().next().expect("a DNS node");
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        for datagram in datagrams {
            socket.send_to(datagram, dns).unwrap();
        }
    }

    /// One good request to each listener, answered as in a fresh world. Consumes the lab: it ends without trace.
    pub(crate) fn answers_as_before(self) {
        for (host, stream) in self.services() {
            let answer = converse(stream, &good_request(&host), &host);
            assert!(
                answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("GetAuthConfigResponse"),
                "{host}: {answer}"
            );
        }
        self.proxy_answers();
        self.dns_answers();
        let Lab { running, runtime } = self;
        runtime.block_on(running.stop());
        runtime.shutdown_timeout(Duration::from_secs(1));
    }

    /// A tunnel, and a request in absolute form.
    fn proxy_answers(&self) {
        let proxy = self.listener("proxy", "proxy").address;
        let mut stream = connect(proxy);
        stream
            .write_all(b"CONNECT sws.update.microsoft.com:443 HTTP/1.1\r\nHost: sws.update.microsoft.com:443\r\n\r\n")
            .unwrap();
        let mut head = [0; 12];
        stream.read_exact(&mut head).unwrap();
        assert_eq!(&head, b"HTTP/1.1 200");

        let host = "wsus01.corp.example:8530";
        let absolute = format!("POST http://{host}/");
        let request = [absolute.as_bytes(), &good_request(host)["POST /".len()..]].concat();
        let answer = converse(Box::new(connect(proxy)), &request, "the proxy");
        assert!(answer.contains("GetAuthConfigResponse"), "{answer}");
    }

    /// `wsus01.corp.example IN A`, over UDP and TCP.
    fn dns_answers(&self) {
        let question = [
            &b"\x77\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"[..],
            b"\x06wsus01\x04corp\x07example\x00\x00\x01\x00\x01",
        ]
        .concat();
        let (lab, udp) = self.running.plan.udp.iter().next().expect("a DNS node");
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(DEADLINE)).unwrap();
        socket.send_to(&question, udp).unwrap();
        let mut answer = [0; 1024];
        let length = socket.recv(&mut answer).unwrap();
        assert!(answer[..length].ends_with(&[10, 87, 0, 10]), "{:02x?}", &answer[..length]);

        let mut stream = connect(self.running.plan.tcp[lab]);
        let framed = [&u16::try_from(question.len()).unwrap().to_be_bytes()[..], &question].concat();
        stream.write_all(&framed).unwrap();
        let mut length = [0; 2];
        stream.read_exact(&mut length).unwrap();
        let mut answer = vec![0; u16::from_be_bytes(length).into()];
        stream.read_exact(&mut answer).unwrap();
        assert!(answer.ends_with(&[10, 87, 0, 10]), "{answer:02x?}");
    }
}

/// GetAuthConfig.
pub(crate) fn good_request(host: &str) -> Vec<u8> {
    let body = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>\
                <GetAuthConfig xmlns=\"http://www.microsoft.com/SoftwareDistribution\"/></s:Body></s:Envelope>";
    request(host, "http://www.microsoft.com/SoftwareDistribution/GetAuthConfig", body.as_bytes())
}

/// A call of the Server Sync Web Service, whatever its body.
pub(crate) fn request(host: &str, action: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /ServerSyncWebService/ServerSyncWebService.asmx HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Type: text/xml; charset=utf-8\r\nSOAPAction: \"{action}\"\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}
