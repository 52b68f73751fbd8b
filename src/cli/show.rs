//! `show`: one object's changes as a readable diff, both directions in words.

use std::io::{self, Write};

use entra_diff::model::{Function, Json, ObjectChange, Row, RowKind};
use entra_diff::report::wording;

use super::console::{Console, Style};
use super::text::{escaped, shown};

impl Console {
    /// Prints `change` with all its rows.
    pub(super) fn object(&self, change: &ObjectChange<'_>, to: &mut dyn Write) -> io::Result<()> {
        let name = change.display_name.as_deref().unwrap_or("(no name)");
        let title = format!("{} {}", shown(change.entity_type.as_str()), shown(name));
        writeln!(to, "{}", self.styled(Style::Heading, &title))?;
        writeln!(to, "  id       {}", shown(&change.id))?;
        writeln!(to, "  source   {} ({})", shown(&change.source), change.function)?;
        if let Some(time) = change.snapshot_date_time {
            writeln!(to, "  backup   {}", shown(time))?;
        }
        writeln!(to, "  action   {}", shown(wording::recovery_action(&change.recovery_action)))?;
        writeln!(to, "           {}", wording::object_since_backup(change.since_backup))?;
        writeln!(
            to,
            "           {}",
            shown(&wording::recovery_of(change.function, &change.recovery_action))
        )?;
        if change.on_premises_synced {
            writeln!(to, "           {}", wording::ON_PREMISES_SYNCED)?;
        }
        writeln!(to, "  outcome  {}", wording::outcome(change.outcome))?;
        if let Some(message) = &change.failure_message {
            let reason = change.failure_category.map_or("", wording::failure_category);
            writeln!(to, "           {reason}: {}", shown(&message.to_text()))?;
        }
        writeln!(to)?;
        change.changes.iter().try_for_each(|row| self.row(row, change.function, to))?;
        writeln!(
            to,
            "  {} changed, {} equal {}\n",
            change.changes.len(),
            change.unchanged,
            wording::plural(change.unchanged, "value", "values")
        )
    }

    fn row(&self, row: &Row<'_>, function: Function, to: &mut dyn Write) -> io::Result<()> {
        let will = wording::recovery_of_row(function, row.kind, row.since_backup.recovery_will());
        let words = format!("{}; {will}", wording::since_backup(row.since_backup));
        let kind = if row.kind == RowKind::Link { " (link)" } else { "" };
        writeln!(to, "  {}{kind}  {}", shown(&row.property), self.styled(Style::Faint, &words))?;
        if let Some(note) = row.note {
            writeln!(to, "    {}", self.styled(Style::Warning, &format!("note: {}", wording::note(note))))?;
        }
        if let Some(items) = &row.items {
            items
                .removed
                .iter()
                .try_for_each(|item| self.side(Style::Removed, "- item removed", item, to))?;
            items.added.iter().try_for_each(|item| self.side(Style::Added, "+ item added", item, to))?;
        } else {
            row.backup.iter().try_for_each(|value| self.side(Style::Removed, "- backup ", value, to))?;
            row.current.iter().try_for_each(|value| self.side(Style::Added, "+ current", value, to))?;
        }
        writeln!(to)
    }

    fn side(&self, style: Style, mark: &str, value: &Json<'_>, to: &mut dyn Write) -> io::Result<()> {
        let line = format!("{mark}  {}", escaped(&value.to_compact()));
        writeln!(to, "    {}", self.styled(style, &line))
    }
}
