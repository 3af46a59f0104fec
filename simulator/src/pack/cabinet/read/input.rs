//! Bytes and little-endian numbers out of a file.

use std::io::{self, Read, Seek, SeekFrom};

use super::CabinetError;

/// A source that knows how much it has, so that every end of it is a truncation.
pub(super) struct Input<'a, S> {
    pub(super) source: &'a mut S,
    /// Length by the header; nought until that is read.
    pub(super) says: u64,
    /// Length in truth.
    pub(super) has: u64,
}

impl<S: Read + Seek> Input<'_, S> {
    pub(super) fn truncated(&self) -> CabinetError {
        CabinetError::Truncated { says: self.says, has: self.has }
    }

    pub(super) fn seek(&mut self, to: u64) -> Result<(), CabinetError> {
        self.source.seek(SeekFrom::Start(to)).map(drop).map_err(CabinetError::Io)
    }

    pub(super) fn skip(&mut self, count: u16) -> Result<(), CabinetError> {
        self.source.seek_relative(i64::from(count)).map_err(CabinetError::Io)
    }

    pub(super) fn fill(&mut self, bytes: &mut [u8]) -> Result<(), CabinetError> {
        self.source.read_exact(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => self.truncated(),
            _ => CabinetError::Io(error),
        })
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], CabinetError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, CabinetError> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, CabinetError> {
        self.array().map(u32::from_le_bytes)
    }
}
