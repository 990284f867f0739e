//! JSON as publishers write it: each piece is read by itself and its fields leniently, so that what is odd in one spoils no
//! other.

use std::borrow::Cow;

use serde_json::{Value, value::RawValue};

/// The pieces of an array; of one that is missing or null there are none. None: it is no array.
pub(super) fn pieces(array: Option<&RawValue>) -> Option<Vec<&RawValue>> {
    array.map_or(Some(Vec::new()), |array| serde_json::from_str(array.get()).ok())
}

/// A text, or a number as one; anything else is as if it were not there.
pub(super) fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => text.into(),
        Value::Number(number) => number.to_string().into(),
        _ => "".into(),
    }
}

/// `true`, `1`, `"1"`, `"true"`; anything else is not.
pub(super) fn truth(value: &Value) -> bool {
    let text = text(value);
    *value == Value::Bool(true) || text == "1" || text.eq_ignore_ascii_case("true")
}
