//! What arbitrary input can make the decoders allocate: a stated multiple of the input and no more, however the input is made.
//! The allocator counts; one lock keeps the tests from counting each other.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Cursor;
use std::sync::{Arc, Mutex, PoisonError};

use peak_alloc::PeakAlloc;
use proptest::prelude::*;
use simulator::Journal;
use simulator::catalogue::BuiltIn;
use simulator::pack::cabinet::{Cabinet, Member, Method, write};
use simulator::pack::xpress;
use simulator::seam::Seams;
use simulator::soap::{ServiceSettings, WebRequest, WebServices};
use time::macros::datetime;

#[global_allocator]
static COUNTED: PeakAlloc = PeakAlloc;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Bytes for each byte of an envelope: the tree of a message is of elements, the shortest of which has four bytes, and its lists
/// double while they grow. The worst shape below takes 57 at this length.
const ENVELOPE_TIMES: usize = 96;
/// Bytes for each byte that a packing is allowed to give, since a buffer doubles while it grows and is copied.
const OUTPUT_TIMES: usize = 4;
/// Bytes for each byte of a cabinet besides: its directory.
const CABINET_TIMES: usize = 64;
/// What the window of LZX takes, whatever the cabinet says.
const WINDOW: usize = 2 << 20;
/// What a decoder takes for itself, and what the test's own threads do meanwhile.
const CONSTANT: usize = 256 << 10;

/// About as many bytes a message has.
const LENGTH: usize = 256 << 10;

const HEAD: &str = "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>\
                    <GetUpdateData xmlns='http://www.microsoft.com/SoftwareDistribution'>";
const TAIL: &str = "</GetUpdateData></s:Body></s:Envelope>";

/// What is repeated inside an envelope, the worst that we could think of.
const SHAPES: [&str; 14] = [
    "<a/>",
    "<a><b/></a>",
    "<a><b><c><d/></c></b></a>",
    "<a b=''/>",
    "<a b='' c='' d='' e='' f=''/>",
    "<a xmlns='b'/>",
    "<a xmlns:a='b' xmlns:c='d'><e/></a>",
    "&amp;",
    "x<!---->",
    "<![CDATA[]]>",
    "\u{e4}",
    "<updateIds/>",
    "<updateIds><UpdateIdentity/></updateIds>",
    "<cookie><EncryptedData>AA==</EncryptedData></cookie>",
];

#[test]
fn a_message_takes_a_stated_multiple_of_its_length() {
    let _one = alone();
    for settings in
        [ServiceSettings::wsus("upstream", "10.0.20348.2227", "1.20"), ServiceSettings::microsoft_update(None)]
    {
        let server = server(settings);
        for shape in SHAPES {
            let body = format!("{HEAD}{}{TAIL}", shape.repeat(LENGTH / shape.len()));
            check(shape, body.len() * ENVELOPE_TIMES, || post(&server, body.as_bytes()));
            let open = format!("{HEAD}{}", shape.split_inclusive('>').next().unwrap().repeat(LENGTH / shape.len()));
            check(&format!("open {shape}"), open.len() * ENVELOPE_TIMES, || post(&server, open.as_bytes()));
        }
    }
}

#[test]
fn an_answer_takes_a_stated_multiple_of_its_length() {
    let _one = alone();
    let (head, tail) =
        (HEAD.replace("GetUpdateData ", "GetUpdateDataResponse "), "</GetUpdateDataResponse></s:Body></s:Envelope>");
    for shape in SHAPES {
        let body =
            format!("{head}<GetUpdateDataResult>{}</GetUpdateDataResult>{tail}", shape.repeat(LENGTH / shape.len()));
        let decode = || diagnosis::sync::decode(diagnosis::sync::Operation::GetUpdateData, body.as_bytes());
        check(shape, body.len() * ENVELOPE_TIMES, decode);
    }
}

#[test]
fn a_block_of_xpress_that_says_much_takes_no_more_than_is_allowed() {
    let _one = alone();
    // Three letters, and a match of 65,532 characters three letters back.
    let block =
        [&65_535_u32.to_le_bytes()[..], &13_u32.to_le_bytes(), b"\xff\xff\xff\x1fabc\x17\x00\x0f\xff\xf9\xff"].concat();
    let bomb = block.repeat(1_000);
    assert_eq!(xpress::decode(&block, 65_535).map(|body| body.len()), Ok(65_535));
    for limit in [0, 65_535, 1 << 20, 16 << 20] {
        check("a bomb of xpress", limit * OUTPUT_TIMES, || xpress::decode(&bomb, limit).is_err());
    }
}

#[test]
fn a_cabinet_that_holds_much_takes_no_more_than_is_allowed() {
    let _one = alone();
    let bytes = vec![0; 8 << 20];
    for method in [Method::None, Method::Lzx] {
        let packed = write(method, &[Member { name: "a", bytes: &bytes, date_time_attributes: [0; 3] }]).unwrap();
        for limit in [0, 32 << 10, 1 << 20] {
            let most = limit * OUTPUT_TIMES + WINDOW;
            check("a large cabinet", most, || assert!(Cabinet::read(&mut Cursor::new(&packed), limit as u64).is_err()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_body_of_arbitrary_bytes_takes_no_more(bytes in proptest::collection::vec(any::<u8>(), 0..5_000)) {
        let _one = alone();
        let server = server(ServiceSettings::wsus("upstream", "10.0.20348.2227", "1.20"));
        check("arbitrary bytes", bytes.len() * ENVELOPE_TIMES, || post(&server, &bytes));
        let decode = || diagnosis::sync::decode(diagnosis::sync::Operation::GetUpdateData, &bytes);
        check("arbitrary bytes", bytes.len() * ENVELOPE_TIMES, decode);
    }

    /// The two lengths of a block are plausible, so that the decoder believes them.
    #[test]
    fn xpress_takes_no_more_than_its_limit(
        blocks in proptest::collection::vec((0..=u16::MAX, proptest::collection::vec(any::<u8>(), 0..60)), 0..200),
        limit in 0..4_000_000_usize,
    ) {
        let _one = alone();
        let block = |(says, payload): &(u16, Vec<u8>)| {
            [&u32::from(*says).to_le_bytes()[..], &u32::try_from(payload.len()).unwrap().to_le_bytes(), payload].concat()
        };
        let bytes: Vec<u8> = blocks.iter().flat_map(block).collect();
        check("blocks of xpress", limit * OUTPUT_TIMES, || xpress::decode(&bytes, limit));
    }

    /// All of the directory is arbitrary, but for the signature and the version.
    #[test]
    fn a_cabinet_takes_no_more_than_its_limit(
        rest in proptest::collection::vec(any::<u8>(), 0..4_000),
        folders in 0..=u16::MAX,
        files in 0..=u16::MAX,
        limit in 0..4_000_000_u32,
    ) {
        let _one = alone();
        let length = u32::try_from(36 + rest.len()).unwrap().to_le_bytes();
        let bytes = [
            &b"MSCF\0\0\0\0"[..], &length, &[0; 4], &36_u32.to_le_bytes(), &[0; 4], &[3, 1],
            &folders.to_le_bytes(), &files.to_le_bytes(), &[0; 6], &rest,
        ].concat();
        let most = limit as usize * OUTPUT_TIMES + bytes.len() * CABINET_TIMES + WINDOW;
        check("a directory", most, || Cabinet::read(&mut Cursor::new(&bytes), limit.into()));
    }
}

fn alone() -> impl Drop {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The peak while `work` runs and its result still lives, over what there was before.
fn check<T>(what: &str, most: usize, work: impl FnOnce() -> T) {
    COUNTED.reset_peak_usage();
    let before = COUNTED.current_usage();
    let result = work();
    let taken = COUNTED.peak_usage().saturating_sub(before);
    drop(result);
    assert!(taken <= most + CONSTANT, "{what}: {taken} bytes were taken, and {most} besides {CONSTANT} are allowed");
}

fn server(settings: ServiceSettings) -> WebServices {
    WebServices::new(settings, Arc::new(BuiltIn::new()), Seams::new(Journal::new(), "upstream", "http"))
}

fn post(server: &WebServices, body: &[u8]) -> u16 {
    let headers = [
        ("Content-Type".to_owned(), "text/xml; charset=utf-8".to_owned()),
        ("SOAPAction".to_owned(), "\"http://www.microsoft.com/SoftwareDistribution/GetUpdateData\"".to_owned()),
    ];
    let path = "/ServerSyncWebService/ServerSyncWebService.asmx";
    let request = WebRequest {
        method: "POST",
        path,
        query: None,
        headers: &headers,
        body: Some(body),
        url: format!("http://wsus01.corp.example:8530{path}"),
        connection: 1,
        now: datetime!(2025-06-01 12:00 UTC),
    };
    server.answer(&request).unwrap().status
}
