//! An export as it is held: the bytes of its pages and an index of their items, never the parsed items.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::OnceLock;

use crate::model::{
    EntityType, Function, Job, PageSet, Place, Problem, RecoveryAction, RestoreArtifact, Snapshot, Tally,
    Transfer,
};

use super::by_id::ById;
use super::facts::Facts;
use super::identity::Identity;
use super::limits::Limits;
use super::passed_over::PassedOver;
use super::read_error::ReadError;
use super::record::{ReadRecord, RecordReader, read_record};
use super::source_file::SourceFile;

/// Everything that was read, ready to be grouped and walked.
#[derive(Debug, Default)]
pub struct Export {
    pub(super) files: Vec<SourceFile>,
    pub(super) unreadable: Vec<PathBuf>,
    pub(super) pages: Vec<Page>,
    pub(super) items: Vec<Item>,
    pub(super) kinds: Vec<(RecoveryAction, EntityType)>,
    pub(super) page_sets: Vec<PageSet>,
    pub(super) jobs: Vec<Job>,
    pub(super) snapshots: Vec<Snapshot>,
    pub(super) restore_artifacts: Vec<RestoreArtifact>,
    pub(super) problems: Vec<Problem>,
    pub(super) passed_over: Vec<PassedOver>,
    pub(super) jobs_asked_for: Vec<String>,
    pub(super) stopped: Option<u64>,
    pub(super) limits: Limits,
    /// Made when it is first asked for.
    pub(super) by_id: OnceLock<ById>,
}

/// One page, or items that stand without one.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, none excludes another")]
pub(super) struct Page {
    pub(super) file: u32,
    /// Its document in a file of several.
    pub(super) document: Option<u32>,
    /// Whether each item is a document of its own; the item's ordinal is then the document's number.
    pub(super) lone_documents: bool,
    /// Pointer of the array that holds the items, or of the one item.
    pub(super) pointer: String,
    pub(super) is_array: bool,
    pub(super) enveloped: bool,
    pub(super) cut: bool,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) context: Option<String>,
    pub(super) next_link: Option<String>,
    pub(super) count: Option<u64>,
    /// What is known of its transfer.
    pub(super) transfer: Option<Box<Transfer>>,
    /// The URLs of other requests that were answered with the same, word for word.
    pub(super) more_requests: Vec<String>,
    /// How many elements it has, understood or not.
    pub(super) elements: u64,
    pub(super) function: Option<Function>,
    pub(super) snapshot_id: Option<String>,
    pub(super) job_id: Option<String>,
    /// Its page set, by position.
    pub(super) set: u32,
    /// A duplicate, or of another job than the one asked for.
    pub(super) left_out: bool,
}

/// What the index keeps of an item: where it lies, its group, whom it is about, how its rows count.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub(super) start: usize,
    pub(super) length: u32,
    pub(super) page: u32,
    /// Its place in the page's array, from 0; of lone items the number of their document.
    pub(super) ordinal: u32,
    pub(super) kind: u32,
    pub(super) identity: Identity,
    pub(super) tally: Tally,
    /// When the object was put into the bin, in seconds since 1970; 0 where its current state does not say.
    pub(super) deleted_at: u32,
    pub(super) facts: Facts,
}

const _: () = assert!(size_of::<Item>() == 64, "there may be millions, and memory is reckoned with so much");

/// An item of the index, for the stages behind.
#[derive(Clone, Copy)]
pub struct ItemRef<'e> {
    export: &'e Export,
    /// Its position in input order.
    pub index: u32,
}

impl Export {
    /// The files that were used, in contract order: that hold something this program reads, or have a problem.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> + Clone {
        self.files.iter().filter(|file| !file.is_passed_over)
    }

    /// Every file that was read, in contract order, also those that were passed over once their bytes had told
    /// that they are of no use. The entries of an archive are no files of their own.
    pub fn files_read(&self) -> impl Iterator<Item = &SourceFile> + Clone {
        self.files.iter().filter(|file| file.archive.is_none())
    }

    /// The entries of archives that were read, in contract order.
    pub fn entries(&self) -> impl Iterator<Item = &SourceFile> + Clone {
        self.files.iter().filter(|file| file.archive.is_some())
    }

    /// What was saved of the transfer of pages, each with the page's source, in contract order.
    pub fn transfers(&self) -> impl Iterator<Item = (String, &Transfer)> {
        let live = self.pages.iter().filter(|page| !page.left_out);
        live.filter_map(|page| Some((page.place(self.file_of(page)).source(), page.transfer.as_deref()?)))
    }

    pub(super) fn file_of(&self, page: &Page) -> &SourceFile {
        &self.files[page.file as usize]
    }

    /// Where the inputs are that could not be read.
    #[must_use]
    pub fn unreadable(&self) -> &[PathBuf] {
        &self.unreadable
    }

    /// The page sets, in order of function and first page.
    #[must_use]
    pub fn page_sets(&self) -> &[PageSet] {
        &self.page_sets
    }

    /// Every problem, in contract order of files and places.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What was not used, and why.
    #[must_use]
    pub fn passed_over(&self) -> &[PassedOver] {
        &self.passed_over
    }

    /// The jobs whose pages alone were asked for; empty means all.
    #[must_use]
    pub fn jobs_asked_for(&self) -> &[String] {
        &self.jobs_asked_for
    }

    /// How much was read at most.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The limit in bytes at which the survey stopped ([`Limits::memory`](super::Limits::memory)): then what is here is
    /// a part, and no report is to be made of it.
    #[must_use]
    pub fn stopped_at(&self) -> Option<u64> {
        self.stopped
    }

    /// Whether there is a page, if only an empty one.
    #[must_use]
    pub fn has_pages(&self) -> bool {
        self.pages.iter().any(|page| !page.left_out)
    }

    /// The items of the report in input order, duplicates left out.
    pub fn items(&self) -> impl Iterator<Item = ItemRef<'_>> {
        let indexes = 0..self.indexes();
        indexes.map(|index| self.item(index)).filter(|item| !item.is_left_out())
    }

    /// How many positions the input order has, those of items that are left out among them.
    pub(crate) fn indexes(&self) -> u32 {
        index_of(self.items.len())
    }

    /// The item at position `index` of the input order.
    #[must_use]
    pub fn item(&self, index: u32) -> ItemRef<'_> {
        ItemRef { export: self, index }
    }
}

impl<'e> ItemRef<'e> {
    fn entry(self) -> &'e Item {
        &self.export.items[self.index as usize]
    }

    fn page(self) -> &'e Page {
        &self.export.pages[self.entry().page as usize]
    }

    /// Whether the report is without it: a duplicate, or of another job than the one asked for.
    #[must_use]
    pub fn is_left_out(self) -> bool {
        self.entry().facts.is_left_out()
    }

    /// The page set it belongs to, by its position in [`Export::page_sets`].
    #[must_use]
    pub fn set_index(self) -> u32 {
        self.page().set
    }

    /// The page set it belongs to.
    #[must_use]
    pub fn page_set(self) -> &'e PageSet {
        &self.export.page_sets[self.page().set as usize]
    }

    /// What recovery does.
    #[must_use]
    pub fn recovery_action(self) -> &'e RecoveryAction {
        &self.export.kinds[self.entry().kind as usize].0
    }

    /// The kind of object.
    #[must_use]
    pub fn entity_type(self) -> &'e EntityType {
        &self.export.kinds[self.entry().kind as usize].1
    }

    /// A number that is the same for items of the same action and type.
    #[must_use]
    pub fn kind(self) -> u32 {
        self.entry().kind
    }

    /// Whom it is about.
    #[must_use]
    pub fn identity(self) -> Identity {
        self.entry().identity
    }

    /// How its rows count.
    #[must_use]
    pub fn tally(self) -> Tally {
        self.entry().tally
    }

    /// How many bytes of text it is.
    #[must_use]
    pub fn length(self) -> u64 {
        self.entry().length.into()
    }

    /// About how many bytes it takes when it is made into rows.
    #[must_use]
    pub fn weight(self) -> u64 {
        self.entry().facts.weight()
    }

    /// When its object was put into the bin: `currentState.deletedDateTime` in whole seconds since 1970, of
    /// the years 1970 to 2105; `None` where the current state has no such time.
    #[must_use]
    pub fn deleted_at(self) -> Option<i64> {
        Some(self.entry().deleted_at).filter(|&seconds| seconds > 0).map(i64::from)
    }

    /// Whether it has a `failureMessage` of its own.
    #[must_use]
    pub fn has_failure_message(self) -> bool {
        self.entry().facts.has_failure_message()
    }

    /// The item's text as it was received.
    #[must_use]
    pub fn text(self) -> &'e str {
        let item = self.entry();
        &self.export.files[self.page().file as usize].text[item.start..item.start + item.length as usize]
    }

    /// The item, read again from its text.
    ///
    /// # Errors
    /// None in practice: the same text was read when the export was surveyed.
    pub fn read(self) -> Result<ReadRecord<'e>, ReadError> {
        read_record(self.text())
    }

    /// The same by a reader of several.
    ///
    /// # Errors
    /// As [`read`](Self::read) has them.
    pub fn read_by(self, reader: &mut RecordReader<'e>) -> Result<ReadRecord<'e>, ReadError> {
        reader.read(self.text())
    }

    /// Where it stands: `path#pointer`.
    #[must_use]
    pub fn source(self) -> String {
        let (page, item) = (self.page(), self.entry());
        let file = &self.export.files[page.file as usize].label;
        let document =
            if page.lone_documents && item.ordinal > 0 { Some(item.ordinal) } else { page.document };
        let mut source = String::with_capacity(file.len() + page.pointer.len() + 24);
        source.push_str(file);
        if let Some(document) = document {
            push_number(":", document, &mut source);
        }
        source.push('#');
        source.push_str(&page.pointer);
        if page.is_array {
            push_number("/", item.ordinal, &mut source);
        }
        source
    }
}

fn push_number(before: &str, number: u32, to: &mut String) {
    write!(to, "{before}{number}").expect("writing to memory cannot fail");
}

impl Page {
    /// RFC 6901 pointer of the item with `ordinal`.
    pub(super) fn item_pointer(&self, ordinal: u32) -> Cow<'_, str> {
        if self.is_array {
            Cow::Owned(format!("{}/{ordinal}", self.pointer))
        } else {
            Cow::Borrowed(&self.pointer)
        }
    }

    /// Where the page itself stands.
    pub(super) fn place(&self, file: &SourceFile) -> Place {
        Place { document: self.document, pointer: self.own_pointer(), ..Place::file(&file.label) }
    }

    /// RFC 6901 pointer of the page itself, where it is an element of an array.
    pub(super) fn own_pointer(&self) -> Option<String> {
        let (own, _) = self.pointer.rsplit_once('/')?;
        (!own.is_empty()).then(|| own.to_owned())
    }

    /// The page's own URLs: the context first.
    pub(super) fn own_urls(&self) -> impl Iterator<Item = &str> + Clone {
        [self.context.as_deref(), self.next_link.as_deref()].into_iter().flatten()
    }

    /// The URL of the request, where it was saved.
    pub(super) fn request_url(&self) -> Option<&str> {
        self.transfer.as_ref()?.url.as_deref()
    }
}

/// A position as the index keeps it. Four billion items would be more than a terabyte of pages in memory.
pub(super) fn index_of(position: usize) -> u32 {
    u32::try_from(position).expect("an export in memory has fewer than 2^32 items")
}
