//! What no honest client sends: hand-picked, and pseudo-random from a fixed seed, so that every run sends the same.

use super::lab::request;

/// Bytes for any TCP listener, each with a name.
pub(crate) fn bytes() -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> =
        HAND_PICKED.iter().map(|(name, bytes)| ((*name).into(), bytes.to_vec())).collect();
    all.push(("64 KiB of zeros".into(), vec![0; 64 << 10]));
    all.push(("64 KiB of blanks".into(), vec![b' '; 64 << 10]));
    all.push(("a line without end".into(), vec![b'A'; 256 << 10]));
    all.push(("a header without end".into(), [&b"GET / HTTP/1.1\r\nHost: x\r\nX: "[..], &[b'y'; 256 << 10]].concat()));
    all.push(("headers without end".into(), [&b"GET / HTTP/1.1\r\n"[..], &b"X: y\r\n".repeat(20_000)].concat()));
    all.push((
        "a CONNECT with a long host".into(),
        format!("CONNECT {}:443 HTTP/1.1\r\n\r\n", "h".repeat(70_000)).into_bytes(),
    ));
    all.push(("an endless Basic password".into(), endless_password()));
    for seed in 1..=16 {
        all.push((format!("pseudo-random bytes {seed}"), pseudo_random(seed, 1 << (seed % 14))));
    }
    all
}

const HAND_PICKED: &[(&str, &[u8])] = &[
    ("nothing", b""),
    ("one byte", b"\x16"),
    ("an empty line", b"\r\n"),
    ("half a ClientHello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x5a\x5a\x5a\x5a\x5a\x5a\x5a"),
    ("a record of length zero", b"\x16\x03\x01\x00\x00"),
    ("a record beyond the limit", b"\x16\x03\x03\xff\xff\x01\x02\x03"),
    ("a ClientHello of length zero", b"\x16\x03\x01\x00\x04\x01\x00\x00\x00"),
    ("an alert first", b"\x15\x03\x03\x00\x02\x02\x28"),
    ("application data first", b"\x17\x03\x03\x00\x05hello"),
    (
        "a hello of SSL 2",
        b"\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10\x01\x00\x80\x02\x00\x80\x03\x00\x80\x04\x00\x80",
    ),
    ("HTTP/0.9", b"GET /\r\n"),
    ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"),
    ("HTTP/9.9", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n"),
    ("no Host", b"GET / HTTP/1.1\r\n\r\n"),
    ("two Hosts", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    ("an unknown method", b"SABOTAGE / HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("a name with a blank", b"GET / HTTP/1.1\r\nHo st: x\r\n\r\n"),
    ("a NUL in a value", b"GET / HTTP/1.1\r\nHost: x\r\nX: \x00\r\n\r\n"),
    ("two lengths", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
    (
        "length and chunks",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    ("a length below zero", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
    ("a length beyond all", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n"),
    ("a body that is missing", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"),
    ("a chunk without a length", b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nzz\r\n"),
    ("a chunk beyond all", b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx"),
    ("chunks without an end", b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n"),
    ("a path outside", b"GET /../../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("a path that is no text", b"GET /%ff%fe%00 HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("half an escape", b"GET /% HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("CONNECT to nothing", b"CONNECT HTTP/1.1\r\n\r\n"),
    ("CONNECT without a port", b"CONNECT sws.update.microsoft.com HTTP/1.1\r\n\r\n"),
    ("CONNECT to port 0", b"CONNECT sws.update.microsoft.com:0 HTTP/1.1\r\n\r\n"),
    ("CONNECT to port 65536", b"CONNECT sws.update.microsoft.com:65536 HTTP/1.1\r\n\r\n"),
    ("CONNECT to an open bracket", b"CONNECT [::1:443 HTTP/1.1\r\n\r\n"),
    ("a tunnel for garbage", b"CONNECT sws.update.microsoft.com:443 HTTP/1.1\r\n\r\n\x00\x01\x02\x03"),
    ("absolute form of nothing", b"GET http:// HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("absolute form of another scheme", b"GET ftp://sws.update.microsoft.com/ HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("absolute form of the proxy itself", b"GET http://proxy.corp.example:8080/ HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("credentials that are no base64", b"CONNECT a:1 HTTP/1.1\r\nProxy-Authorization: Basic ???\r\n\r\n"),
    ("credentials without a colon", b"CONNECT a:1 HTTP/1.1\r\nProxy-Authorization: Basic YWJj\r\n\r\n"),
    ("a DNS message cut short", b"\x00\x40\x12\x34\x01\x00\x00\x01"),
    ("a DNS message of length zero", b"\x00\x00"),
];

fn endless_password() -> Vec<u8> {
    let password = "QUJD".repeat(20_000);
    format!("CONNECT a:1 HTTP/1.1\r\nProxy-Authorization: Basic {password}\r\n\r\n").into_bytes()
}

/// xorshift64*: the same bytes in every run.
fn pseudo_random(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let next = std::iter::repeat_with(move || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 56) as u8
    });
    next.take(length).collect()
}

/// A request for the host that is given.
type Request = Box<dyn Fn(&str) -> Vec<u8>>;

/// Requests to the service that are no SOAP, and the status with which they are answered.
pub(crate) fn soap() -> Vec<(&'static str, Request, u16)> {
    let known = "http://www.microsoft.com/SoftwareDistribution/GetAuthConfig";
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let open = "<a>".repeat(200_000);
    let with = |action: &'static str, body: String| -> Request {
        Box::new(move |host| request(host, action, body.as_bytes()))
    };
    vec![
        ("an empty body", with(known, String::new()), 400),
        ("words", with(known, "this is not XML".into()), 400),
        (
            "half an envelope",
            with(known, "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Bo".into()),
            400,
        ),
        ("elements that stay open", with(known, open), 400),
        ("a character that XML forbids", with(known, envelope("\u{1}")), 400),
        (
            "a name that is no UTF-8",
            Box::new(move |host| request(host, known, b"<?xml version=\"1.0\"?><a\xff\xfe\x80/>")),
            400,
        ),
        (
            "an unknown action",
            with("http://www.microsoft.com/SoftwareDistribution/NoSuchThing", envelope("<NoSuchThing/>")),
            500,
        ),
        ("an action of one quote", with("\"", envelope("<GetAuthConfig/>")), 500),
        (
            "elements 100000 deep",
            with("http://www.microsoft.com/SoftwareDistribution/NoSuchThing", envelope(&deep)),
            500,
        ),
    ]
}

/// An envelope whose document type defines entities that would fill a machine's memory.
pub(crate) fn billion_laughs(host: &str) -> Vec<u8> {
    let mut entities = String::from("<!ENTITY l0 \"lol\">");
    for level in 1..=9 {
        entities += &format!("<!ENTITY l{level} \"{}\">", format!("&l{};", level - 1).repeat(10));
    }
    let body = format!("<!DOCTYPE x [{entities}]>{}", envelope("<GetAuthConfig>&l9;</GetAuthConfig>"));
    request(host, "http://www.microsoft.com/SoftwareDistribution/GetAuthConfig", body.as_bytes())
}

fn envelope(body: &str) -> String {
    format!("<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>{body}</s:Body></s:Envelope>")
}

/// Datagrams for the DNS node.
pub(crate) fn datagrams() -> Vec<Vec<u8>> {
    let header = |questions: u16| [&[0x12, 0x34, 0x01, 0][..], &questions.to_be_bytes(), &[0; 6]].concat();
    let mut all = vec![
        vec![],
        vec![0],
        header(0),
        header(1),
        header(u16::MAX),
        // A name that points at itself.
        [header(1), vec![0xc0, 12, 0, 1, 0, 1]].concat(),
        // A label that is longer than the message.
        [header(1), vec![63, b'a']].concat(),
        // An answer where a question is expected.
        [&[0x12, 0x34, 0x81, 0x80][..], &[0; 8]].concat(),
        vec![0xff; 512],
        vec![0; 65_000],
    ];
    all.extend((1..=64).map(|seed| pseudo_random(seed, 12 + usize::try_from(seed).unwrap())));
    all
}
