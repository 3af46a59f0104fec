//! Properties of the packings: what is decoded is what was encoded, for ourselves and for crate cab; arbitrary bytes are an
//! error or something bounded, and never a panic.

use std::io::{Cursor, Read};

use proptest::prelude::*;
use simulator::pack::cabinet::{Blob, Cabinet, Member, Method, write};
use simulator::pack::xpress;

/// Bytes that repeat themselves, as text does.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        (any::<u8>(), 0..3_000_usize).prop_map(|(byte, count)| vec![byte; count]),
        ("[a-c<>]{1,6}", 1..400_usize).prop_map(|(text, count)| text.repeat(count).into_bytes()),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn xpress_gives_back_what_it_took(body in body()) {
        let encoded = xpress::encode(&body);
        prop_assert!(encoded.len() <= body.len() + 8 * body.len().div_ceil(xpress::BLOCK));
        prop_assert_eq!(xpress::decode(&encoded, body.len()), Ok(body));
    }

    #[test]
    fn xpress_of_arbitrary_bytes_is_bounded(bytes in proptest::collection::vec(any::<u8>(), 0..400), limit in 0..70_000_usize) {
        if let Ok(body) = xpress::decode(&bytes, limit) {
            prop_assert!(body.len() <= limit);
        }
    }

    #[test]
    fn a_cabinet_gives_back_what_it_took(one in body(), two in body(), is_lzx in any::<bool>()) {
        let method = if is_lzx { Method::Lzx } else { Method::None };
        let member = |name, bytes| Member { name, bytes, date_time_attributes: [0; 3] };
        let packed = write(method, &[member("one", &one), member("two", &two)]).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let cabinet = Cabinet::read(&mut Cursor::new(&packed), u64::MAX).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(cabinet.member("one"), Some(&one[..]));
        prop_assert_eq!(cabinet.member("two"), Some(&two[..]));
    }

    #[test]
    fn a_blob_is_read_by_crate_cab(text in "\\PC{1,300}", count in 1..400_usize) {
        let text = text.repeat(count);
        let blob = Blob::new(&text).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let promised = blob.len();
        let bytes = blob.into_vec();
        prop_assert_eq!(bytes.len(), promised);
        let mut content = Vec::new();
        cab::Cabinet::new(Cursor::new(bytes))?.read_file("blob")?.read_to_end(&mut content)?;
        let expected: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        prop_assert_eq!(content, expected);
    }

    #[test]
    fn a_cabinet_of_arbitrary_blocks_is_bounded(
        blocks in proptest::collection::vec(any::<u8>(), 0..200),
        places in proptest::collection::vec((36..120_usize, any::<u8>()), 0..6),
    ) {
        let long = [vec![0; 40_000], blocks].concat();
        let mut packed = write(Method::Lzx, &[Member { name: "a", bytes: &long, date_time_attributes: [0; 3] }])
            .map_err(|e| TestCaseError::fail(e.to_string()))?;
        // Without a checksum the decoder sees the changes.
        packed[62..66].fill(0);
        for (place, byte) in places {
            packed[place] = byte;
        }
        if let Ok(cabinet) = Cabinet::read(&mut Cursor::new(&packed), 1 << 17) {
            prop_assert!(cabinet.names().all(|name| cabinet.member(name).is_some_and(|bytes| bytes.len() <= 1 << 17)));
        }
    }
}
