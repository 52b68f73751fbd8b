//! Archives: gzip, and zip with its entries, unpacked in memory. The names of entries are labels and never paths; what
//! is larger than a stated limit, encrypted, or an archive itself, is told and left out.

use std::io::{self, Cursor, Read};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;
use zip::read::{ZipFile, read_zipfile_from_stream};
use zip::result::ZipError;

use crate::model::{ArchiveFault, LimitOn, ProblemKind};

/// How much may come out of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArchiveLimits {
    /// How many times its packed size an archive, and each entry, may have, once it is larger than [`RATIO_FROM`]. JSON packs 10 to 60
    /// times, an attack 1,000 times.
    pub ratio: u64,
    /// How many entries are looked at.
    pub entries: u64,
    /// How many bytes come out of one archive, all entries together.
    pub bytes: u64,
}

impl Default for ArchiveLimits {
    fn default() -> Self {
        ArchiveLimits { ratio: 250, entries: 100_000, bytes: 8 << 30 }
    }
}

/// Below this size nothing is a bomb, however well it is packed.
pub const RATIO_FROM: u64 = 16 << 20;

/// How many times the room of an archive may be unpacked and then refused: some entries that are too large cost the
/// others nothing, and thousands that all point to the same bytes are not unpacked one by one.
const REFUSED: u64 = 4;

/// What a file's bytes are.
#[derive(Debug)]
pub(super) enum Contents {
    /// Bytes of a text.
    Plain(Vec<u8>),
    /// What was in a gzip file.
    Gzip(Unpacked),
    /// The entries of a zip file, and what is wrong with all of it.
    Zip(Vec<Entry>, Vec<ProblemKind>),
}

/// A file in a zip file.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its name as a label: slashes, bytes that are no UTF-8 as `\xNN`.
    pub(super) name: String,
    /// `None` where it is not wanted.
    pub(super) unpacked: Option<Unpacked>,
}

/// What came out of an archive, up to where it could be unpacked, and what is wrong with the rest.
pub(super) type Unpacked = (Vec<u8>, Option<ProblemKind>);

/// Whether bytes begin like an archive.
pub(super) fn is_archive(head: &[u8]) -> bool {
    is_gzip(head) || is_zip(head)
}

fn is_gzip(head: &[u8]) -> bool {
    head.starts_with(&[0x1f, 0x8b])
}

/// By the mark at byte 257 of its first header (POSIX.1, ustar).
fn is_tar(bytes: &[u8]) -> bool {
    bytes.get(257..262) == Some(b"ustar")
}

fn is_zip(head: &[u8]) -> bool {
    // An entry, the end of an archive without any, and the list of entries, where that is all that is left of one.
    [b"PK\x03\x04", b"PK\x05\x06", b"PK\x01\x02"].iter().any(|mark| head.starts_with(*mark))
}

/// Unpacks `bytes` if they are an archive, as far as there is `room`. `is_wanted` tells by name and first bytes which
/// entries are unpacked whole.
pub(super) fn unpack(bytes: Vec<u8>, room: &mut Room, is_wanted: &dyn Fn(&str, &[u8]) -> bool) -> Contents {
    if is_gzip(&bytes) {
        let (unpacked, problem) = room.read(MultiGzDecoder::new(&bytes[..]), bytes.len() as u64);
        let is_nested = is_archive(&unpacked) || is_tar(&unpacked);
        let nested = is_nested.then_some(ProblemKind::Archive(ArchiveFault::Nested));
        return Contents::Gzip(match nested {
            Some(problem) => (Vec::new(), Some(problem)),
            None => (unpacked, problem),
        });
    }
    if is_zip(&bytes) {
        return entries(&bytes, room, is_wanted);
    }
    Contents::Plain(bytes)
}

/// How much may still come out of a file: of an archive, of all its entries, and of what is packed in recordings.
#[derive(Debug)]
pub(super) struct Room {
    limits: ArchiveLimits,
    left: u64,
    /// How much may still be unpacked and refused.
    refused: u64,
    /// Whether it is the packed size that bounds it.
    by_ratio: bool,
}

impl Room {
    /// The room for what comes out of a file of this size, all together.
    pub(super) fn of(limits: ArchiveLimits, packed: usize) -> Self {
        let by_ratio = (packed as u64).saturating_mul(limits.ratio).max(RATIO_FROM);
        let left = limits.bytes.min(by_ratio);
        Room { limits, left, refused: left.saturating_mul(REFUSED), by_ratio: by_ratio < limits.bytes }
    }

    /// Reads what comes out of `packed` bytes, up to the limits, and tells what is wrong with it.
    fn read(&mut self, unpacking: impl Read, packed: u64) -> Unpacked {
        let most = packed.saturating_mul(self.limits.ratio).max(RATIO_FROM).min(self.left);
        let mut bytes = Vec::new();
        if self.refused == 0 {
            let kind = ProblemKind::Limit { on: LimitOn::ArchiveRefused, limit: REFUSED };
            return (Vec::new(), Some(kind));
        }
        let read = unpacking.take(most.saturating_add(1)).read_to_end(&mut bytes);
        if bytes.len() as u64 > most {
            self.refused = self.refused.saturating_sub(bytes.len() as u64);
            let kind = if self.by_ratio || most < self.left {
                ProblemKind::Limit { on: LimitOn::ArchiveRatio, limit: self.limits.ratio }
            } else {
                ProblemKind::Limit { on: LimitOn::ArchiveBytes, limit: self.limits.bytes }
            };
            return (Vec::new(), Some(kind));
        }
        self.left -= bytes.len() as u64;
        (bytes, read.err().map(|error| broken(&error)))
    }
}

fn broken(error: &io::Error) -> ProblemKind {
    ProblemKind::Archive(match error.kind() {
        io::ErrorKind::UnexpectedEof => ArchiveFault::Cut,
        _ => ArchiveFault::Damaged { reason: error.to_string() },
    })
}

fn damaged(error: &ZipError) -> ProblemKind {
    ProblemKind::Archive(ArchiveFault::Damaged { reason: error.to_string() })
}

fn entries(bytes: &[u8], room: &mut Room, is_wanted: &dyn Fn(&str, &[u8]) -> bool) -> Contents {
    let limits = room.limits;
    let mut archive = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(error) => return without_directory(bytes, room, is_wanted, damaged(&error)),
    };
    if has_more_entries(bytes, archive.central_directory_start()) {
        let reason = "its list has more entries than it says".to_owned();
        let problem = ProblemKind::Archive(ArchiveFault::Damaged { reason });
        return without_directory(bytes, room, is_wanted, problem);
    }
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    if archive.offset() > 0 || has_more_behind(bytes) {
        problems.push(ProblemKind::Archive(ArchiveFault::MoreBytes));
    }
    if archive.has_duplicate_names() {
        problems.push(ProblemKind::Archive(ArchiveFault::SameNames));
    }
    if archive.len() as u64 > limits.entries {
        problems.push(ProblemKind::Limit { on: LimitOn::ArchiveEntries, limit: limits.entries });
        return Contents::Zip(found, problems);
    }
    for number in 0..archive.len() {
        let raw = archive.by_index_raw(number);
        let facts = raw.map(|entry| (label(entry.name_raw()), entry.is_dir(), entry.encrypted()));
        let Ok((name, is_folder, is_encrypted)) = facts else {
            problems.push(ProblemKind::Archive(ArchiveFault::DamagedEntry { number: number as u64 + 1 }));
            continue;
        };
        if is_folder {
            continue;
        }
        let unpacked = if is_encrypted {
            Some((Vec::new(), Some(ProblemKind::Archive(ArchiveFault::Encrypted))))
        } else {
            match archive.by_index(number) {
                Ok(entry) => room.entry(entry, &name, is_wanted),
                Err(error) => Some((Vec::new(), Some(damaged(&error)))),
            }
        };
        found.push(Entry { name, unpacked });
    }
    Contents::Zip(found, problems)
}

/// The entries of a zip file whose list of entries at its end is lost, as far as they tell of themselves.
fn without_directory(
    bytes: &[u8],
    room: &mut Room,
    is_wanted: &dyn Fn(&str, &[u8]) -> bool,
    problem: ProblemKind,
) -> Contents {
    let (mut found, mut rest) = (Vec::new(), bytes);
    while let Ok(Some(entry)) = read_zipfile_from_stream(&mut rest) {
        let name = label(entry.name_raw());
        if found.len() as u64 >= room.limits.entries {
            break;
        }
        if !entry.is_dir() {
            let unpacked = room.entry(entry, &name, is_wanted);
            found.push(Entry { name, unpacked });
        }
    }
    Contents::Zip(found, vec![problem])
}

impl Room {
    /// The bytes of an entry; `None` where it is not wanted.
    fn entry<R: Read>(
        &mut self,
        mut entry: ZipFile<'_, R>,
        name: &str,
        is_wanted: &dyn Fn(&str, &[u8]) -> bool,
    ) -> Option<Unpacked> {
        const HEAD: u64 = 4096;
        let mut head = Vec::new();
        let lost = |problem: ProblemKind| Some((Vec::new(), Some(problem)));
        if let Err(error) = entry.by_ref().take(HEAD).read_to_end(&mut head) {
            return lost(broken(&error));
        }
        if is_archive(&head) || is_tar(&head) {
            return lost(ProblemKind::Archive(ArchiveFault::Nested));
        }
        if entry.is_symlink() || !is_wanted(name, &head) {
            return None;
        }
        let packed = entry.compressed_size();
        Some(self.read(head.as_slice().chain(entry), packed))
    }
}

/// Whether something stands behind the record that ends a zip file (APPNOTE.TXT, 4.3.16), padding aside.
fn has_more_behind(bytes: &[u8]) -> bool {
    const RECORD: usize = 22;
    let Some(record) = memchr::memmem::rfind(bytes, b"PK\x05\x06") else { return false };
    let Some(&[low, high]) = bytes.get(record + RECORD - 2..record + RECORD) else { return false };
    let end = record + RECORD + usize::from(u16::from_le_bytes([low, high]));
    bytes.get(end..).is_some_and(|behind| behind.iter().any(|byte| *byte != 0))
}

/// Whether the list of entries that begins at byte `start` is longer than the record behind it says (APPNOTE.TXT, 4.3.12
/// and 4.3.16): readers go by the record, and pass over the rest.
fn has_more_entries(bytes: &[u8], start: u64) -> bool {
    let number = |at: usize| {
        let both = bytes.get(at..at + 2)?;
        Some(usize::from(u16::from_le_bytes([both[0], both[1]])))
    };
    let stated = memchr::memmem::rfind(bytes, b"PK\x05\x06").and_then(|record| number(record + 10));
    let Some(stated) = stated.filter(|stated| *stated < usize::from(u16::MAX)) else { return false };
    let mut at = usize::try_from(start).unwrap_or(usize::MAX);
    let mut entries = 0;
    while bytes.get(at..).is_some_and(|rest| rest.starts_with(b"PK\x01\x02")) && entries <= stated {
        let parts = [28, 30, 32].map(|offset| number(at + offset).unwrap_or_default());
        at += 46 + parts.iter().sum::<usize>();
        entries += 1;
    }
    entries > stated
}

/// Whether a file is one by its name: then it is a problem if it is none by its bytes.
pub(super) fn is_archive_name(label: &str) -> bool {
    let lower = label.to_ascii_lowercase();
    [".gz", ".tgz", ".zip"].iter().any(|end| lower.ends_with(end))
}

/// An entry's name as part of a label.
fn label(name: &[u8]) -> String {
    let mut label = String::new();
    for chunk in name.utf8_chunks() {
        label.push_str(&chunk.valid().replace('\\', "/"));
        label.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blanks without an end, which count how many of them were read.
    struct Bomb<'c>(&'c mut u64);

    impl Read for Bomb<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            buffer.fill(b' ');
            *self.0 += buffer.len() as u64;
            Ok(buffer.len())
        }
    }

    #[test]
    fn what_is_refused_is_unpacked_a_few_times_and_no_more() {
        let limits = ArchiveLimits { bytes: 1 << 20, ..ArchiveLimits::default() };
        let mut room = Room::of(limits, 1000);
        let mut unpacked = 0;
        let told = Some(ProblemKind::Limit { on: LimitOn::ArchiveBytes, limit: 1 << 20 });
        assert_eq!(room.read(Bomb(&mut unpacked), 100), (Vec::new(), told.clone()));
        assert_eq!(room.read(&b"{}"[..], 2), (b"{}".to_vec(), None), "a bomb costs nothing beside it");
        let refused = Some(ProblemKind::Limit { on: LimitOn::ArchiveRefused, limit: REFUSED });
        let answers: Vec<_> = (0..100).map(|_| room.read(Bomb(&mut unpacked), 100).1).collect();
        assert!(answers[0] == told && answers[99] == refused, "{answers:?}");
        assert!(unpacked < (REFUSED + 2) << 20, "{unpacked} bytes were unpacked");
        assert_eq!(room.read(&b"{}"[..], 2), (Vec::new(), refused));
    }
}
