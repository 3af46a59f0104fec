//! Step 0 as `Format-List` prints it: `name : value`, names padded, long values cut at the window's width and continued
//! below, indented to the column of the value.
//!
//! PowerShell breaks a value at a blank if it can, and cuts a longer word wherever the line ends, without a hyphen (or, in
//! languages other than a handful, always cuts): the pieces of a URL or of a name belong together with nothing between. It prints `: ` and then the value, so one blank after the
//! colon is its own and a second one belongs to the value. Blanks at the end may come from the window and are dropped.

use super::fields::{self, Field};
use super::{Fields, Misprint, Printed};
use crate::subject_folder::error::Place;

/// The objects of Step 0 in `text`, in order; a name that comes again begins the next one. Text around them is passed over.
pub(super) fn objects(text: &str) -> Result<Vec<Fields>, Misprint> {
    let mut reader = Reader::default();
    for (index, line) in text.lines().enumerate() {
        reader.take(line, index + 1)?;
    }
    reader.end_field();
    Ok(reader.objects)
}

#[derive(Default)]
struct Reader {
    objects: Vec<Fields>,
    /// The field that may go on in the next line.
    open: Option<Open>,
    /// A line in the midst of the fields that is neither a field nor the rest of one.
    stray: Option<usize>,
}

struct Open {
    /// `None` for a field that Step 0 does not have.
    name: Option<&'static str>,
    value: String,
    line: usize,
    /// Column of the value, counted from 0.
    column: usize,
}

impl Reader {
    fn take(&mut self, line: &str, number: usize) -> Result<(), Misprint> {
        if line.trim().is_empty() {
            self.stray = None;
            return Ok(());
        }
        if let Some(open) = &mut self.open
            && let Some(rest) = indented(line, open.column)
        {
            open.value.truncate(open.value.trim_end().len());
            open.value.push_str(rest.trim_end());
            return Ok(());
        }
        match field(line, number) {
            Some(field) => self.begin_field(field),
            None => {
                let after_a_value = self.open.as_ref().is_some_and(|open| open.name.is_some());
                self.stray = self.stray.or(after_a_value.then_some(number));
                self.end_field();
                Ok(())
            }
        }
    }

    fn begin_field(&mut self, field: Open) -> Result<(), Misprint> {
        // Directly between two fields it is most likely the rest of a value that something else than PowerShell wrapped;
        // to pass it over would cut the value.
        if let (Some(line), Some(_)) = (self.stray, field.name) {
            return Err(Misprint {
                place: Place { line: Some(line), ..Place::default() },
                problem: "neither a field nor the indented rest of one".to_owned(),
                expected: "each value on one line, or continued below its beginning as Format-List does".to_owned(),
            });
        }
        self.end_field();
        self.open = Some(field);
        Ok(())
    }

    fn end_field(&mut self) {
        let Some(Open { name: Some(name), value, line, column }) = self.open.take() else { return };
        let field = Field { name, printed: Printed::Text(value), place: Place::at(line, column + 1) };
        match self.objects.last_mut() {
            Some(object) if object.iter().all(|earlier| earlier.name != name) => object.push(field),
            _ => self.objects.push(vec![field]),
        }
    }
}

/// The text after `column` blanks, for a line that begins with that many.
fn indented(line: &str, column: usize) -> Option<&str> {
    let (blanks, rest) = line.split_at_checked(column)?;
    blanks.bytes().all(|byte| byte == b' ').then_some(rest)
}

/// A line `name : value`. A name that Step 0 does not have counts only with a blank before the colon, as PowerShell prints it.
fn field(line: &str, number: usize) -> Option<Open> {
    let (before, value) = line.split_once(':')?;
    let name = before.trim();
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let known = fields::known(name);
    if !is_name || (known.is_none() && !before.ends_with(' ')) {
        return None;
    }
    let value = value.strip_prefix(' ').unwrap_or(value).trim_end();
    Some(Open { name: known, value: value.to_owned(), line: number, column: before.chars().count() + 2 })
}
