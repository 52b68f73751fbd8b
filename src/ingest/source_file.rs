//! A file that was read, as the report tells of it.

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::model::Digest;

/// A file that was read.
#[derive(Debug)]
pub struct SourceFile {
    /// Its path below the input root; standard input is `-`.
    pub label: String,
    /// The same path as it stands in a list of checksums, where no character can be mistaken.
    pub checksum_name: String,
    /// Where it was read from; `None` for standard input.
    pub path: Option<PathBuf>,
    /// The label of the archive that it is an entry of.
    pub archive: Option<String>,
    /// Its size in bytes.
    pub bytes: u64,
    /// Where it is not taken yet, the text begins with the file's bytes.
    pub(super) sha256: OnceLock<Digest>,
    /// How its text is encoded: `utf-8`, `utf-16le-bom`, several in the order of the file joined by `+`.
    pub encoding: String,
    /// In which forms it was saved, by the names of docs/input-forms.md, several joined by `+`.
    pub form: String,
    /// What it was used as: `page`, `job`, `snapshot`, `error`, `restoreSession`, `archive`, `none`, several joined by `+`.
    pub role: String,
    /// Whether nothing of it was used, and no problem is told of it.
    pub is_passed_over: bool,
    /// The text, dropped where it has no items.
    pub(super) text: String,
}

impl SourceFile {
    /// SHA-256 of its bytes as they were read. Where these are its text it is taken when it is first asked for: a table
    /// alone tells none.
    #[must_use]
    pub fn sha256(&self) -> Digest {
        *self.sha256.get_or_init(|| {
            let own = usize::try_from(self.bytes).unwrap_or(usize::MAX);
            Digest::of(&self.text.as_bytes()[..own])
        })
    }

    /// The folder that it lies in, empty for the root; an archive is a folder to its entries.
    pub(super) fn folder(&self) -> &str {
        let below = self.archive.as_ref().map_or(0, |archive| archive.len() + 1);
        let end = self.label[below..].rfind('/').map_or(below, |slash| below + slash);
        &self.label[..end]
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use flate2::{Compression, write::GzEncoder};
    use zip::write::SimpleFileOptions;

    use crate::ingest::{Export, Input, SurveyOptions, survey};
    use crate::model::Digest;

    const PAGE: &str =
        r#"{"@odata.context": "getChanges", "value": [{"id": "é", "recoveryAction": "update"}]}"#;

    fn read(bytes: &[u8]) -> Export {
        let inputs = vec![Input::Stdin(bytes.to_vec())];
        survey(inputs, &SurveyOptions::default(), crate::diff::extent, |_| ())
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(bytes).expect("memory can be written");
        packed.finish().expect("memory can be written")
    }

    fn utf16(text: &str) -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    }

    fn har(body: &str) -> String {
        let body = serde_json::to_string(body).expect("a text");
        let url = "https://graph.microsoft.com/v1.0/directory/recovery/snapshots/x/getChanges";
        format!(
            r#"{{"log":{{"version":"1.2","entries":[{{"request":{{"method":"GET","url":"{url}"}},
                "response":{{"status":200,"content":{{"mimeType":"application/json","text":{body}}}}}}}]}}}}"#
        )
    }

    /// In whatever form a page is saved, and whatever its text became.
    #[test]
    fn a_digest_is_that_of_the_bytes_that_were_read() {
        let string = serde_json::to_string(PAGE).expect("a text");
        let coloured = PAGE.replace("\"value\"", "\u{1b}[34m\"value\"\u{1b}[0m");
        let late = format!("{}{coloured}", " ".repeat(5000));
        let with = |end: &[u8]| [PAGE.as_bytes(), end].concat();
        let forms: Vec<Vec<u8>> = vec![
            PAGE.into(),
            format!("\u{feff}{PAGE}").into(),
            utf16(PAGE),
            [PAGE.as_bytes(), b"\n", &utf16(PAGE)[..]].concat(),
            with(b"\0\0\0"),
            with(b"\n\xc3"),
            with(b"\n\xff{}"),
            with(b"\nno page"),
            coloured.clone().into(),
            format!("{coloured}\0").into(),
            late.into(),
            string.clone().into(),
            format!("{string}\n{PAGE}\0").into(),
            har(PAGE).into(),
            format!("{}\n{PAGE}", har(PAGE)).into(),
            format!("{}\0\0", har(&string)).into(),
            format!("HTTP/1.1 200 OK\r\n\r\n{PAGE}").into(),
            PAGE[..PAGE.len() - 4].into(),
            gzip(PAGE.as_bytes()),
            gzip(b""),
            gzip(&utf16(PAGE)),
            gzip(PAGE.as_bytes())[..40].into(),
            b"{}".into(),
            b"[]\0".into(),
            b"\xff\xfe".into(),
            b"nothing of use".into(),
            Vec::new(),
        ];
        for bytes in forms {
            let export = read(&bytes);
            let told: Vec<(u64, Digest)> =
                export.files.iter().map(|file| (file.bytes, file.sha256())).collect();
            assert_eq!(told, [(bytes.len() as u64, Digest::of(&bytes))], "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn an_archive_and_its_entries_have_each_their_own() {
        let entries: [(&str, Vec<u8>); 4] = [
            ("getChanges/1.json", PAGE.into()),
            ("getChanges/2.json", utf16(PAGE)),
            ("getChanges/3.json", [PAGE.as_bytes(), b"\0"].concat()),
            ("getChanges/4.json", Vec::new()),
        ];
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in &entries {
            archive.start_file(*name, SimpleFileOptions::default()).expect("memory can be written");
            archive.write_all(bytes).expect("memory can be written");
        }
        let bytes = archive.finish().expect("memory can be written").into_inner();
        let export = read(&bytes);
        let told: Vec<Digest> = export.files.iter().map(super::SourceFile::sha256).collect();
        let expected: Vec<Digest> = std::iter::once(&bytes)
            .chain(entries.iter().map(|(_, bytes)| bytes))
            .map(|bytes| Digest::of(bytes))
            .collect();
        assert_eq!(told, expected);
    }
}
