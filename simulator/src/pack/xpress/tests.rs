use super::*;

fn framed(size: u32, payload: &[u8]) -> Vec<u8> {
    let mut block = size.to_le_bytes().to_vec();
    block.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    block.extend_from_slice(payload);
    block
}

fn check(body: &[u8]) {
    let encoded = encode(body);
    assert_eq!(decode(&encoded, body.len()).as_deref(), Ok(body), "{} bytes", body.len());
    assert!(encoded.len() <= body.len() + 8 * body.len().div_ceil(BLOCK), "{} bytes", body.len());
}

fn random(seed: u64) -> impl FnMut() -> usize {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    }
}

#[test]
fn the_alphabet_of_the_specification_is_read() {
    let payload = [&[0x3f, 0, 0, 0][..], b"abcdefghijklmnopqrstuvwxyz"].concat();
    assert_eq!(decode(&framed(26, &payload), 26).as_deref(), Ok(&b"abcdefghijklmnopqrstuvwxyz"[..]));
}

#[test]
fn the_long_match_of_the_specification_is_read_and_written() {
    let payload = b"\xff\xff\xff\x1fabc\x17\x00\x0f\xff\x26\x01";
    let body = b"abc".repeat(100);
    assert_eq!(decode(&framed(300, payload), 300), Ok(body.clone()));
    assert_eq!(encode(&body), framed(300, payload));
}

#[test]
fn what_does_not_shrink_is_stored() {
    assert_eq!(encode(b"abc"), b"\x03\0\0\0\x03\0\0\0abc");
    assert_eq!(encode(b"abcdefghijklmnopqrstuvwxyz"), framed(26, b"abcdefghijklmnopqrstuvwxyz"));
}

#[test]
fn a_body_is_cut_into_blocks_as_real_servers_cut_it() {
    let encoded = encode(&vec![b' '; BLOCK + 1]);
    assert_eq!(encoded[..4], 16_352_u32.to_le_bytes());
    assert_eq!(encoded[encoded.len() - 9..], framed(1, b" "));
}

#[test]
fn every_length_of_a_match_comes_back() {
    for length in (3..600).chain([16_000, BLOCK - 1]) {
        check(&[b"<a>".as_slice(), &vec![b'x'; length], b"</a>"].concat());
    }
}

#[test]
fn bodies_of_every_kind_come_back() {
    let mut random = random(7);
    for round in 0..400 {
        let size = random() % if round % 10 == 0 { 70_000 } else { 2_000 };
        let letters = 1 + random() % 255;
        let mut body = Vec::with_capacity(size);
        while body.len() < size {
            if !body.is_empty() && random() % 3 < 1 {
                let from = random() % body.len();
                let to = body.len().min(from + random() % 400);
                body.extend_from_within(from..to);
            } else {
                body.push((random() % letters) as u8);
            }
        }
        check(&body);
    }
}

#[test]
fn metadata_shrinks_to_a_third() {
    let text =
        "<upd:UpdateIdentity UpdateID=\"0fa1201d-4330-4fa8-8ae9-b877473b6441\" RevisionNumber=\"100\" />".repeat(300);
    assert!(encode(text.as_bytes()).len() < text.len() / 3);
}

#[test]
fn no_bytes_whatever_make_the_decoder_panic() {
    let mut random = random(9);
    let good = encode(&b"abcabcabd".repeat(300));
    for _ in 0..20_000 {
        let mut bytes = good.clone();
        for _ in 0..1 + random() % 4 {
            let at = random() % bytes.len();
            bytes[at] = random() as u8;
        }
        if let Ok(body) = decode(&bytes, 100_000) {
            assert!(body.len() <= 100_000);
        }
    }
}

#[test]
fn damage_is_named_with_its_block() {
    let mut encoded = encode(&vec![b' '; BLOCK + 1]);
    encoded.pop();
    assert_eq!(decode(&encoded, usize::MAX).unwrap_err().to_string(), "block 1 is damaged: it ends before its length");
    let error = decode(&framed(70_000, b""), usize::MAX).unwrap_err();
    assert_eq!(error.to_string(), "block 0 is damaged: it is longer than 65,535 bytes");
    let error = decode(&encode(b"abcd"), 3).unwrap_err();
    assert_eq!(error.to_string(), "block 0 is damaged: more comes out than is allowed");
}
