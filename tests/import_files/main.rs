//! Music as people have it: headers that lie, codecs in foreign containers, tags of every kind, folders at the wrong level, tables
//! from spreadsheets. Every file is made here.

mod containers;
mod doctor;
mod labels;
#[path = "../import_made/mod.rs"]
mod made;
#[path = "../import_made/opus.rs"]
mod made_opus;
mod ogg_pages;
mod tables;
mod tree;
