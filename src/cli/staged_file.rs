//! A file while it is written: on its way to the disk meanwhile, and digested where somebody will list it.

use std::fs::File;
use std::io::{self, Write};
use std::num::NonZeroU64;
use std::thread::{self, JoinHandle};

use entra_diff::model::{Digest, Digester};

/// A file while it is written. It has no buffer of its own, since renderers write whole chunks.
#[derive(Debug)]
pub(super) struct StagedFile {
    file: File,
    bytes: u64,
    syncing: Syncing,
}

/// How much of a file is written before the disk is asked for it, beside the writing of more.
const SYNCED_BYTES: u64 = 64 << 20;

/// How large a file may become and still stay in memory, where the system keeps it for whoever opens it next. Of a
/// larger one what is on the disk while more is written is given up, so that the next of it finds the same memory: new
/// memory for gigabytes costs the system more than all else that a file costs (`docs/performance.md`).
const KEPT_BYTES: u64 = 1 << 30;

/// What of a file is on its way to the disk while more of it is written: at the end only the rest has to be waited for.
#[derive(Debug, Default)]
struct Syncing {
    /// How much had been written when the disk was last asked.
    asked_at: u64,
    under_way: Option<UnderWay>,
}

/// What the disk is asked for, with its answer.
type UnderWay = JoinHandle<io::Result<()>>;

impl Syncing {
    /// Asks the disk where enough has been written since, and it is done with what it was asked for. An error of the
    /// disk is told once, to whoever asked: it is given to the next who writes, before anything of that is written.
    fn go_on(&mut self, bytes: u64, ask: impl FnOnce() -> io::Result<UnderWay>) -> io::Result<()> {
        if bytes - self.asked_at < SYNCED_BYTES
            || !self.under_way.as_ref().is_none_or(JoinHandle::is_finished)
        {
            return Ok(());
        }
        self.end()?;
        self.asked_at = bytes;
        // Where it cannot be asked meanwhile, it is asked at the end: that only takes longer.
        self.under_way = ask().ok();
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        let Some(under_way) = self.under_way.take() else { return Ok(()) };
        match under_way.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)) {
            // It says nothing of the disk, which is asked again at the end; and who writes would only begin anew.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
            asked => asked,
        }
    }
}

/// Asks the disk for the `bytes` that are written to `file`, on a thread of its own.
fn sync_meanwhile(file: &File, bytes: u64) -> io::Result<UnderWay> {
    let file = file.try_clone()?;
    thread::Builder::new().spawn(move || {
        file.sync_data()?;
        if let Some(bytes) = given_up(bytes) {
            give_up(&file, bytes);
        }
        Ok(())
    })
}

/// How many bytes from its beginning a file gives up that has so many on the disk.
fn given_up(bytes: u64) -> Option<NonZeroU64> {
    NonZeroU64::new(bytes).filter(|bytes| bytes.get() > KEPT_BYTES)
}

/// Tells the system that the first `bytes` of `file`, which are on the disk, need no memory any more.
#[cfg(target_os = "linux")]
fn give_up(file: &File, bytes: NonZeroU64) {
    use rustix::fs::{Advice, fadvise};

    // A disk that takes no advice keeps them, and nothing else is different.
    let _ = fadvise(file, 0, Some(bytes), Advice::DontNeed);
}

/// Other systems are left to know by themselves.
#[cfg(not(target_os = "linux"))]
fn give_up(_: &File, _: NonZeroU64) {}

impl StagedFile {
    /// A new file, of which nothing is written yet.
    pub(super) fn new(file: File) -> Self {
        StagedFile { file, bytes: 0, syncing: Syncing::default() }
    }

    /// Waits until every byte is on the disk.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.syncing.end()?;
        self.file.sync_all()
    }
}

impl Write for StagedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.syncing.go_on(self.bytes, || sync_meanwhile(&self.file, self.bytes))?;
        let written = self.file.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A file that a list of checksums will name: what is written is digested on its way.
#[derive(Debug)]
pub(super) struct ListedFile {
    file: StagedFile,
    digester: Digester,
}

impl ListedFile {
    /// The same file, of which nothing is written yet.
    pub(super) fn new(file: StagedFile) -> Self {
        ListedFile { file, digester: Digester::default() }
    }

    /// Waits until every byte is on the disk, and gives the digest and the size of what was written.
    pub(super) fn finish(self) -> io::Result<(Digest, u64)> {
        let bytes = self.file.bytes;
        self.file.finish()?;
        Ok((self.digester.finish(), bytes))
    }
}

impl Write for ListedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digester.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staged(syncing: Syncing) -> StagedFile {
        let file = tempfile::tempfile().expect("a file can be made");
        StagedFile { file, bytes: SYNCED_BYTES, syncing }
    }

    fn failed(kind: io::ErrorKind) -> Syncing {
        let under_way = thread::spawn(move || Err(kind.into()));
        while !under_way.is_finished() {
            thread::yield_now();
        }
        Syncing { asked_at: 0, under_way: Some(under_way) }
    }

    fn length(file: &StagedFile) -> u64 {
        file.file.metadata().expect("it is open").len()
    }

    #[test]
    fn what_the_disk_refuses_meanwhile_is_told_to_the_next_who_writes() {
        let mut file = staged(failed(io::ErrorKind::StorageFull));
        let written = file.write(b"more").expect_err("the disk is full");
        assert_eq!(written.kind(), io::ErrorKind::StorageFull);
        assert_eq!(length(&file), 0, "what was not taken is not written");
        let finished = staged(failed(io::ErrorKind::StorageFull)).finish().expect_err("the disk is full");
        assert_eq!(finished.kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn an_interrupted_sync_neither_ends_a_file_nor_repeats_a_byte_of_it() {
        let mut file = staged(failed(io::ErrorKind::Interrupted));
        file.write_all(b"more").expect("there is room");
        assert_eq!((length(&file), file.bytes), (4, SYNCED_BYTES + 4));
        file.finish().expect("there is room");
        staged(failed(io::ErrorKind::Interrupted)).finish().expect("there is room");
    }

    #[test]
    fn where_the_disk_cannot_be_asked_meanwhile_it_is_asked_at_the_end() {
        let mut syncing = Syncing::default();
        let refused = || Err(io::ErrorKind::WouldBlock.into());
        syncing.go_on(SYNCED_BYTES, refused).expect("no thread is no error of the disk");
        assert_eq!((syncing.asked_at, syncing.under_way.is_some()), (SYNCED_BYTES, false));
        syncing
            .go_on(SYNCED_BYTES + 1, || unreachable!("it is not asked for so little"))
            .expect("nothing is asked");
        let mut file = staged(syncing);
        file.write_all(b"more").expect("there is room");
        file.finish().expect("there is room");
    }

    #[test]
    fn a_disk_is_asked_for_what_is_written_and_again_only_after_more() {
        let mut file = staged(Syncing::default());
        file.write_all(b"more").expect("there is room");
        assert_eq!(file.syncing.asked_at, SYNCED_BYTES);
        file.write_all(b"more").expect("there is room");
        assert_eq!(file.syncing.asked_at, SYNCED_BYTES);
        file.finish().expect("there is room");
    }

    #[test]
    fn a_file_is_given_up_from_its_beginning_once_it_is_large() {
        assert_eq!([0, SYNCED_BYTES, KEPT_BYTES].map(given_up), [None; 3]);
        assert_eq!(given_up(KEPT_BYTES + 1).map(NonZeroU64::get), Some(KEPT_BYTES + 1));
    }

    #[test]
    fn what_is_given_up_is_still_in_the_file() {
        let mut file = tempfile::NamedTempFile::new().expect("a file can be made");
        let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        file.write_all(&bytes).expect("there is room");
        // One part is on the disk, the other only in memory.
        file.as_file().sync_data().expect("there is room");
        file.write_all(&bytes).expect("there is room");
        give_up(file.as_file(), NonZeroU64::new(2 * bytes.len() as u64).expect("not nothing"));
        assert!(std::fs::read(file.path()).expect("it is there") == [&bytes[..], &bytes[..]].concat());
    }
}
