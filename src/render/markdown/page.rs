//! A Markdown document while it grows: blocks, headings and lists.

/// How many characters of a text are shown where it is not compared with another.
pub(super) const SHOWN_CHARACTERS: usize = 200;

/// A document that grows block by block.
#[derive(Default)]
pub(super) struct Page {
    pub(super) text: String,
    in_list: bool,
}

impl Page {
    /// A paragraph, a table or a heading: whatever stands between empty lines.
    pub(super) fn block(&mut self, block: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.in_list = false;
        self.line(block);
    }

    pub(super) fn heading(&mut self, level: usize, heading: &str) {
        self.block(&format!("{} {heading}", "#".repeat(level)));
    }

    /// An item of a list, `depth` lists deep.
    pub(super) fn item(&mut self, depth: usize, item: &str) {
        if !self.in_list {
            self.text.push('\n');
            self.in_list = true;
        }
        self.line(&format!("{}- {item}", "  ".repeat(depth)));
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }
}
