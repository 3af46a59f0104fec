use super::*;
use crate::pack::cabinet::{Member, Method, write};

fn sample(method: Method) -> Vec<u8> {
    let bytes = vec![7; FRAME + 5];
    write(method, &[Member { name: "a.txt", bytes: &bytes, date_time_attributes: [0; 3] }]).unwrap()
}

fn read(bytes: &[u8]) -> Result<Cabinet, CabinetError> {
    Cabinet::read(&mut io::Cursor::new(bytes), 1 << 20)
}

fn check(change: impl FnOnce(&mut Vec<u8>), expected: &str) {
    let mut bytes = sample(Method::Lzx);
    change(&mut bytes);
    assert_eq!(read(&bytes).unwrap_err().to_string(), expected);
}

#[test]
fn what_is_no_cabinet_is_called_so() {
    check(|bytes| bytes[0] = b'P', "it is no cabinet: it does not begin with MSCF");
    check(|bytes| bytes.truncate(3), "it is no cabinet: it does not begin with MSCF");
}

#[test]
fn a_truncated_cabinet_says_what_it_lacks() {
    check(|bytes| bytes.truncate(1_000), "the cabinet is truncated: it says that it has 32888 bytes and has 1000");
}

#[test]
fn a_damaged_block_is_named() {
    check(|bytes| bytes[100] ^= 1, "block 0 of folder 0 is damaged: its checksum does not fit");
    let unknown_type = |bytes: &mut Vec<u8>| {
        bytes[66..70].fill(0);
        bytes[75] = 0x70;
    };
    check(unknown_type, "block 0 of folder 0 is damaged: a block has no known type or no length");
}

#[test]
fn an_unknown_method_is_named() {
    check(|bytes| bytes[42] = 1, "the cabinet is compressed with method 0x1501; only 0 (none) and 3 (LZX) are read");
}

#[test]
fn a_file_beyond_its_folder_is_named() {
    check(|bytes| bytes[47] = 1, "the file a.txt lies outside of its folder");
}

#[test]
fn no_more_comes_out_than_is_allowed() {
    let bytes = sample(Method::None);
    let error = Cabinet::read(&mut io::Cursor::new(bytes), FRAME as u64).unwrap_err();
    assert_eq!(error.to_string(), "more than 32768 bytes come out of the cabinet");
}

#[test]
fn no_bytes_whatever_make_it_panic() {
    let mut state = 1_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for method in [Method::None, Method::Lzx] {
        let good = sample(method);
        for _ in 0..3_000 {
            let mut bytes = good.clone();
            // Without a sum the decoder sees what was changed.
            bytes[66..70].fill(0);
            for _ in 0..1 + random() % 8 {
                let at = if random() % 2 == 0 { random() % 120 } else { random() % bytes.len() };
                bytes[at] = random() as u8;
            }
            let _ = read(&bytes);
        }
    }
}
