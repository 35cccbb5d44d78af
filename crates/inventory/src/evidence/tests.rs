//! Evidence in many shapes.
