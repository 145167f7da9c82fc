//! Values of a schema, made from it: what a decoder is tried with.

mod bounds;
mod document;
mod leaves;
mod smallest;
mod varied;

pub(crate) use document::{Document, KINDS, Shape, escaped};
pub(crate) use smallest::{Fill, Sample, Sampler, distinct};
pub(crate) use varied::varied;
