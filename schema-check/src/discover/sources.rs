//! What the sources of nested types say of serde: the derive sees only the event's own item.

mod aliases;
mod hazards;
mod items;

use std::fs;
use std::path::Path;

use quote::ToTokens;
use syn::visit::Visit;
use syn::{Attribute, Field, Fields};

use super::project::Project;
use crate::learn::Candidate;
use aliases::Aliases;
pub use hazards::Hazard;
use hazards::Hazards;
pub use items::Nested;
pub(super) use items::nested;
use items::{Item, Items};

/// The crate whose trait every type within an event has.
const SCHEMARS: &str = "schemars";

/// What the sources of every package say that can declare a type with a JSON Schema.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Names that may stand in place of others.
    pub(super) aliases: Vec<Candidate>,
    /// Attributes that make a type unsafe to evolve, in the user's own packages.
    pub(super) hazards: Vec<Hazard>,
    /// The types that the user's own packages declare.
    pub(super) items: Vec<Item>,
}

impl Sources {
    /// Reads them. A file that can't be read or parsed tells nothing: the compiler judges it.
    pub(super) fn read(project: &Project) -> Self {
        let (mut aliases, mut hazards) = (Aliases::default(), Hazards::new(project.root()));
        let mut items = Items::new(project.root());
        for package in project.depending_on(SCHEMARS) {
            let own = package.source.is_none();
            let folder = package.manifest_path.as_std_path().parent().unwrap_or(Path::new(".")).join("src");
            let targets =
                package.targets.iter().filter(|target| target.is_lib() || target.is_bin() || target.is_cdylib());
            let elsewhere = targets.filter_map(|target| target.src_path.as_std_path().parent());
            let elsewhere = elsewhere.filter(|other| !other.starts_with(&folder)).map(Path::to_owned);
            let folders: std::collections::BTreeSet<_> = elsewhere.chain([folder.clone()]).collect();
            for folder in folders {
                each_file(&folder, 0, &mut |path, text| {
                    let relevant = own || text.contains("alias");
                    let Some(file) = relevant.then(|| syn::parse_file(text).ok()).flatten() else { return };
                    aliases.visit_file(&file);
                    if own {
                        hazards.file(path, &file);
                        items.file(path, &file);
                    }
                });
            }
        }
        Self { aliases: aliases.all.into_iter().collect(), hazards: hazards.all, items: items.all }
    }
}

fn each_file(folder: &Path, depth: usize, look: &mut dyn FnMut(&Path, &str)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let is_link = path.symlink_metadata().is_ok_and(|entry| entry.is_symlink());
        if path.is_dir() && !is_link && depth < 32 && path.file_name().is_none_or(|name| name != "target") {
            each_file(&path, depth + 1, look);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            look(&path, &fs::read_to_string(&path).unwrap_or_default());
        }
    }
}

fn parts(prefix: &str, fields: &Fields) -> Vec<(String, u32, String)> {
    let name = |(at, field): (usize, &Field)| field.ident.as_ref().map_or_else(|| at.to_string(), plain);
    let part = |(at, field): (usize, &Field)| {
        let place = field.ident.as_ref().map_or_else(|| line(&field.ty), line);
        (format!("{prefix}{}", name((at, field))), place, texts(&field.attrs))
    };
    fields.iter().enumerate().map(part).collect()
}

/// `Variant` and `Variant.field` for each.
fn parts_of_enum(item: &syn::ItemEnum) -> Vec<(String, u32, String)> {
    let mut all = Vec::new();
    for variant in &item.variants {
        let name = plain(&variant.ident);
        all.push((name.clone(), line(&variant.ident), texts(&variant.attrs)));
        all.extend(parts(&format!("{name}."), &variant.fields));
    }
    all
}

fn line(spanned: &impl syn::spanned::Spanned) -> u32 {
    u32::try_from(spanned.span().start().line).unwrap_or_default()
}

fn plain(ident: &syn::Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}

fn texts(attributes: &[Attribute]) -> String {
    let metas = attributes.iter().map(|attribute| attribute.meta.to_token_stream().to_string());
    metas.collect::<Vec<_>>().join("; ")
}
