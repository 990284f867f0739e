//! Law packs as dated data, their evaluation with reasons, and deadlines
