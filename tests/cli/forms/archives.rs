//! Pages in archives.

use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;

use super::{Files, Page, pages, texts, together};

pub(super) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

pub(super) fn gzip(page: &Page) -> Vec<u8> {
    packed(page.text.as_bytes())
}

pub(super) fn gzip_of_two(page: &Page) -> Vec<u8> {
    let (first, second) = page.text.as_bytes().split_at(page.text.len() / 2);
    [packed(first), packed(second)].concat()
}

pub(super) fn gzip_of_utf16(page: &Page) -> Vec<u8> {
    packed(&texts::utf16le_bom(page))
}

pub(super) fn zip(name: impl Fn(&Page) -> String, form: impl Fn(&Page) -> Vec<u8>) -> Files {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for page in pages() {
        archive.start_file(name(&page), SimpleFileOptions::default()).expect("memory");
        archive.write_all(&form(&page)).expect("memory");
    }
    archive.start_file("notes.md", SimpleFileOptions::default()).expect("memory");
    archive.write_all(b"the pages of this morning").expect("memory");
    archive.start_file("__MACOSX/._getChanges-1.json", SimpleFileOptions::default()).expect("memory");
    archive.write_all(b"\0\x05\x16\x07Mac OS X").expect("memory");
    together("pages.zip", archive.finish().expect("memory").into_inner())
}

pub(super) fn zip_of_windows() -> Files {
    zip(
        |page| format!("export\\{}", page.file(".json").replace('/', "\\")),
        |page| page.text.clone().into_bytes(),
    )
}
