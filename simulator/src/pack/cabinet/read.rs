//! Reading a cabinet whole. Memory goes to what comes out, which the caller bounds, and to one block of what goes in.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use input::Input;

use super::lzx::{Lzx, LzxError};
use super::{FRAME, checksum};

mod input;

/// What is wrong with a cabinet.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CabinetError {
    /// It does not begin as one does.
    #[error("it is no cabinet: it does not begin with MSCF")]
    NoCabinet,
    /// Another version than 1.x.
    #[error("version {major}.{minor} of the cabinet format is unknown")]
    Version {
        /// Major.
        major: u8,
        /// Minor.
        minor: u8,
    },
    /// It ends before it should.
    #[error("the cabinet is truncated: it says that it has {says} bytes and has {has}")]
    Truncated {
        /// By its header.
        says: u64,
        /// In truth.
        has: u64,
    },
    /// It continues another one, or is continued.
    #[error("the cabinet is part of a set of several, which cannot be read")]
    PartOfASet,
    /// A compression that is not read here.
    #[error("the cabinet is compressed with method {0:#06x}; only 0 (none) and 3 (LZX) are read")]
    Method(u16),
    /// A CFDATA block whose bytes do not give its checksum.
    #[error("block {block} of folder {folder} is damaged: its checksum does not fit")]
    Checksum {
        /// Which folder, from 0.
        folder: usize,
        /// Which of its blocks, from 0.
        block: usize,
    },
    /// A CFDATA block that cannot be decompressed.
    #[error("block {block} of folder {folder} is damaged: {source}")]
    Lzx {
        /// Which folder, from 0.
        folder: usize,
        /// Which of its blocks, from 0.
        block: usize,
        /// Why.
        source: LzxError,
    },
    /// A CFDATA block of a length that its method does not allow.
    #[error("block {block} of folder {folder} has an impossible length")]
    Length {
        /// Which folder, from 0.
        folder: usize,
        /// Which of its blocks, from 0.
        block: usize,
    },
    /// A file that lies outside of its folder.
    #[error("the file {name} lies outside of its folder")]
    Outside {
        /// Its name.
        name: String,
    },
    /// More comes out of it than is allowed.
    #[error("more than {limit} bytes come out of the cabinet")]
    TooMuch {
        /// What was allowed.
        limit: u64,
    },
    /// It could not be read at all.
    #[error("reading the cabinet failed")]
    Io(#[source] io::Error),
}

/// A cabinet, decompressed.
#[derive(Debug, Default)]
pub struct Cabinet {
    folders: Vec<Vec<u8>>,
    files: Vec<FileEntry>,
}

#[derive(Debug)]
struct FileEntry {
    name: String,
    folder: usize,
    range: Range<usize>,
}

struct FolderEntry {
    data: u64,
    blocks: u16,
    method: u16,
}

impl Cabinet {
    /// The cabinet that begins here. More than `limit` bytes are not let out of it.
    pub fn read(source: &mut (impl Read + Seek), limit: u64) -> Result<Cabinet, CabinetError> {
        let has = source.seek(SeekFrom::End(0)).map_err(CabinetError::Io)?;
        let mut input = Input { source, says: 0, has };
        input.seek(0)?;
        let head = Head::read(&mut input)?;
        let entries = (0..head.folders).map(|_| folder(&mut input, &head)).collect::<Result<Vec<_>, _>>()?;
        input.seek(head.files_at)?;
        let files = (0..head.files).map(|_| file(&mut input)).collect::<Result<Vec<_>, _>>()?;
        let mut cabinet = Cabinet { folders: Vec::new(), files };
        let mut left = limit;
        for (index, entry) in entries.iter().enumerate() {
            let bytes = Folder { index, entry, reserve: head.data_reserve, limit, left }.read(&mut input)?;
            left -= bytes.len() as u64;
            cabinet.folders.push(bytes);
        }
        match cabinet.files.iter().find(|file| cabinet.bytes(file).is_none()) {
            Some(file) => Err(CabinetError::Outside { name: file.name.clone() }),
            None => Ok(cabinet),
        }
    }

    /// The names of its files, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| &*file.name)
    }

    /// The bytes of the file of this name, whose case does not matter.
    pub fn member(&self, name: &str) -> Option<&[u8]> {
        self.bytes(self.find(name)?)
    }

    /// The bytes of the file of this name, for which the rest of the cabinet is given up.
    pub fn into_member(mut self, name: &str) -> Option<Vec<u8>> {
        let FileEntry { folder, range, .. } = self.find(name)?;
        let (folder, range) = (*folder, range.clone());
        let mut bytes = std::mem::take(self.folders.get_mut(folder)?);
        bytes.truncate(range.end);
        bytes.drain(..range.start);
        bytes.shrink_to_fit();
        Some(bytes)
    }

    fn find(&self, name: &str) -> Option<&FileEntry> {
        self.files.iter().find(|file| file.name.eq_ignore_ascii_case(name))
    }

    fn bytes(&self, file: &FileEntry) -> Option<&[u8]> {
        self.folders.get(file.folder)?.get(file.range.clone())
    }
}

/// CFHEADER, as far as it matters.
struct Head {
    folders: u16,
    files: u16,
    files_at: u64,
    folder_reserve: u8,
    data_reserve: u8,
}

impl Head {
    fn read<S: Read + Seek>(input: &mut Input<'_, S>) -> Result<Head, CabinetError> {
        const RESERVE_PRESENT: u16 = 4;
        let start: [u8; 4] = input.array().map_err(|_| CabinetError::NoCabinet)?;
        if &start != b"MSCF" {
            return Err(CabinetError::NoCabinet);
        }
        input.skip(4)?;
        input.says = u64::from(input.u32()?);
        if input.has < input.says {
            return Err(input.truncated());
        }
        input.skip(4)?;
        let files_at = u64::from(input.u32()?);
        input.skip(4)?;
        let [minor, major] = input.array()?;
        if major != 1 {
            return Err(CabinetError::Version { major, minor });
        }
        let (folders, files, flags) = (input.u16()?, input.u16()?, input.u16()?);
        if flags & !RESERVE_PRESENT != 0 {
            return Err(CabinetError::PartOfASet);
        }
        input.skip(4)?;
        let mut head = Head { folders, files, files_at, folder_reserve: 0, data_reserve: 0 };
        if flags & RESERVE_PRESENT != 0 {
            let own = input.u16()?;
            [head.folder_reserve, head.data_reserve] = input.array()?;
            input.skip(own)?;
        }
        Ok(head)
    }
}

/// CFFOLDER.
fn folder<S: Read + Seek>(input: &mut Input<'_, S>, head: &Head) -> Result<FolderEntry, CabinetError> {
    let entry = FolderEntry { data: u64::from(input.u32()?), blocks: input.u16()?, method: input.u16()? };
    input.skip(u16::from(head.folder_reserve))?;
    Ok(entry)
}

/// CFFILE.
fn file<S: Read + Seek>(input: &mut Input<'_, S>) -> Result<FileEntry, CabinetError> {
    const LONGEST: usize = 255;
    let (size, start, folder) = (input.u32()? as usize, input.u32()? as usize, usize::from(input.u16()?));
    input.skip(6)?;
    let mut name = Vec::new();
    loop {
        match input.array()? {
            [0] => break,
            [byte] if name.len() < LONGEST => name.push(byte),
            _ => return Err(CabinetError::Outside { name: String::from_utf8_lossy(&name).into_owned() }),
        }
    }
    let name = String::from_utf8_lossy(&name).into_owned();
    if 0xfffd <= folder {
        return Err(CabinetError::PartOfASet);
    }
    Ok(FileEntry { name, folder, range: start..start.saturating_add(size) })
}

/// A folder to be decompressed.
struct Folder<'a> {
    index: usize,
    entry: &'a FolderEntry,
    /// Bytes in the head of each CFDATA that belong to somebody else.
    reserve: u8,
    limit: u64,
    left: u64,
}

impl Folder<'_> {
    fn read<S: Read + Seek>(&self, input: &mut Input<'_, S>) -> Result<Vec<u8>, CabinetError> {
        let method = self.entry.method;
        let mut lzx = match method & 0xf {
            0 => None,
            3 => Some(Lzx::new(method >> 8).ok_or(CabinetError::Method(method))?),
            _ => return Err(CabinetError::Method(method)),
        };
        input.seek(self.entry.data)?;
        let mut out = Vec::new();
        let mut packed = Vec::new();
        for block in 0..usize::from(self.entry.blocks) {
            let size = self.block(input, block, &mut packed)?;
            if self.left < (out.len() + size) as u64 {
                return Err(CabinetError::TooMuch { limit: self.limit });
            }
            let is_last = block + 1 == usize::from(self.entry.blocks);
            match &mut lzx {
                None if packed.len() == size => out.extend_from_slice(&packed),
                Some(lzx) if size == FRAME || is_last && size < FRAME => {
                    let at = |source| CabinetError::Lzx { folder: self.index, block, source };
                    lzx.frame(&packed, size, &mut out).map_err(at)?;
                }
                _ => return Err(CabinetError::Length { folder: self.index, block }),
            }
        }
        if let Some(lzx) = lzx {
            lzx.finish(&mut out);
        }
        Ok(out)
    }

    /// The bytes of the next CFDATA, and how many bytes come out of it.
    fn block<S: Read + Seek>(
        &self,
        input: &mut Input<'_, S>,
        block: usize,
        packed: &mut Vec<u8>,
    ) -> Result<usize, CabinetError> {
        let sum = input.u32()?;
        let lengths: [u8; 4] = input.array()?;
        let [low, high, size_low, size_high] = lengths;
        let mut bytes = vec![0; usize::from(self.reserve) + usize::from(u16::from_le_bytes([low, high]))];
        input.fill(&mut bytes)?;
        // A sum of nought means that there is none. It covers the reserve, which is no part of the data.
        if sum != 0 && checksum(&bytes, lengths) != sum {
            return Err(CabinetError::Checksum { folder: self.index, block });
        }
        bytes.drain(..usize::from(self.reserve));
        *packed = bytes;
        Ok(usize::from(u16::from_le_bytes([size_low, size_high])))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;
