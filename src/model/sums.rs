//! Lists of checksums, as `sha256sum` writes and reads them.

use std::fmt;

use super::digest::Digest;

/// A file and its digest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SumLine {
    /// Its name.
    pub name: String,
    /// The SHA-256 of its bytes.
    pub sha256: Digest,
}

/// A list of checksums in the order of its names' bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums(Vec<SumLine>);

impl Sums {
    /// The list of `lines`.
    #[must_use]
    pub fn of(mut lines: Vec<SumLine>) -> Self {
        lines.sort_unstable();
        Sums(lines)
    }

    /// Reads a list: a digest, two spaces or a space and `*`, a name.
    ///
    /// # Errors
    /// The number of the first line, from 1, that is something else.
    pub fn parse(text: &[u8]) -> Result<Self, u64> {
        let numbered = (1_u64..).zip(text.split_inclusive(|&byte| byte == b'\n'));
        let lines = numbered.map(|(number, line)| parse_line(line).ok_or(number));
        Ok(Sums::of(lines.collect::<Result<_, _>>()?))
    }

    /// The lines, in the order of their names.
    #[must_use]
    pub fn lines(&self) -> &[SumLine] {
        &self.0
    }

    /// The digest of the file `name`; `None` where the list does not have it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Digest> {
        let at = self.0.binary_search_by(|line| line.name.as_str().cmp(name)).ok()?;
        Some(self.0[at].sha256)
    }
}

impl fmt::Display for Sums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|SumLine { name, sha256 }| writeln!(f, "{sha256}  {name}"))
    }
}

fn parse_line(line: &[u8]) -> Option<SumLine> {
    let line = str::from_utf8(line.strip_suffix(b"\n")?).ok()?;
    let (digest, name) = line.split_at_checked(64)?;
    let name = name.strip_prefix("  ").or_else(|| name.strip_prefix(" *"))?;
    (!name.is_empty()).then_some(())?;
    Some(SumLine { name: name.to_owned(), sha256: Digest::parse(digest)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str) -> String {
        format!("{}  {name}\n", Digest::of(name.as_bytes()))
    }

    #[test]
    fn a_list_is_read_back() {
        let text = [line("a b"), line("c"), line("é")].concat();
        let sums = Sums::parse(text.as_bytes()).expect("a list");
        assert_eq!(sums.to_string(), text);
        assert_eq!(sums.get("a b"), Some(Digest::of(b"a b")));
        assert_eq!(sums.get("b"), None);
        assert_eq!(Sums::parse(b"").expect("an empty list"), Sums::default());
    }

    #[test]
    fn what_is_no_list_is_told_with_its_line() {
        let whole = line("a");
        for (text, number) in [
            (format!("{whole}x\n"), 2),
            (whole.trim_end().to_owned(), 1),
            (format!("{whole}\n"), 2),
            (format!("{whole}{}", line("")), 2),
            (format!("{whole}\\{}", line("b")), 2),
            (whole.replace("  ", " "), 1),
        ] {
            assert_eq!(Sums::parse(text.as_bytes()), Err(number), "{text:?}");
        }
        assert_eq!(Sums::parse(&[line("a").as_bytes(), b"\xff\n"].concat()), Err(2));
    }
}
