//! Reading and writing `.songspace`: one safetensors container that Python opens too.
//!
//! Everything is checked before it is used: a truncated, foreign or hostile file gives an error and changes nothing.
//! It is written whole or not at all.

use super::container::{Entry, write_container};
use super::error::{BundleError, FORMAT_VERSION};
use super::intact::{Flaw, said_once};
use super::paged::PagedTensor;
use super::reading::{Content, PAGED_FROM, read_content};
use super::tables::{self, names};
use crate::files::{Stamp, make_folder_for, replace_whole_by, write_whole_by};
use crate::model::Weights;
use crate::space::{Chunk, LatentTable, Layout, LayoutKind, Snapshot, SpaceMeta};
use crate::values::{ClipId, MapPoint};
use half::f16;
use safetensors::tensor::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

/// More than any recording lasts: a month.
const MOST_SECS: f32 = 2_678_400.0;
/// The length of the header and its first letter.
const BEGINNING_BYTES: u64 = 9;
const HEADER_KEY: &str = "songspace";
const WEIGHT_PREFIX: &str = "model.";
const MAP_PREFIX: &str = "map.";

/// How weights and latents are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeightPrecision {
    /// Bit-equal on reading.
    F32,
    /// Half the size, for files that are shipped.
    F16,
}

#[derive(Serialize, Deserialize)]
struct Header {
    format_version: u32,
    hash: String,
    meta: SpaceMeta,
    layouts: Vec<LayoutHeader>,
}

#[derive(Serialize, Deserialize)]
struct LayoutHeader {
    kind: LayoutKind,
    quality: BTreeMap<String, f64>,
}

/// A figure of an older file under the name that it has today.
fn with_current_name((name, value): (String, f64)) -> (String, f64) {
    let name = match name.as_str() {
        "closed_form_distance" => "linear_distance".to_owned(),
        "ignore_index" => "condition_to_map_ratio".to_owned(),
        _ => name,
    };
    (name, value)
}

impl Snapshot {
    /// Writes the space to `path`, whole or not at all.
    ///
    /// # Errors
    /// When the folder or the file cannot be written.
    pub fn save(&self, path: &Path, precision: WeightPrecision) -> Result<(), BundleError> {
        make_folder_for(path)?;
        Ok(write_whole_by(path, |out| self.write(precision, out))?)
    }

    /// Writes the space to `path` if the file there is still the one that was `read`: what another program has added since is
    /// not lost.
    ///
    /// # Errors
    /// As [`save`](Self::save), and when the file is another one by now.
    pub fn save_over(&self, path: &Path, read: &Stamp, precision: WeightPrecision) -> Result<(), BundleError> {
        Ok(replace_whole_by(path, read, |out| self.write(precision, out))?)
    }

    /// The whole file, in pieces.
    fn write(&self, precision: WeightPrecision, out: &mut dyn Write) -> std::io::Result<()> {
        let header = Header {
            format_version: FORMAT_VERSION,
            hash: self.hash.clone(),
            meta: self.meta.clone(),
            layouts: self
                .layouts
                .iter()
                .map(|l| LayoutHeader {
                    kind: l.kind,
                    quality: l.quality.clone(),
                })
                .collect(),
        };
        let header = serde_json::to_string(&header)?;
        let clips = serde_json::to_vec(&self.clips)?;
        let mut entries = self.weight_entries(precision);
        entries.extend(self.table_entries());
        entries.push(Entry::bytes(names::CLIPS, clips));
        for (clip, audio) in &self.embedded_audio {
            entries.push(Entry::bytes(format!("{}{clip}", names::AUDIO_PREFIX), audio.as_ref()));
        }
        write_container(out, HEADER_KEY, header, &entries)
    }

    /// The precision that keeps every weight as it is: half where all of them are halves already.
    pub fn stored_precision(&self) -> WeightPrecision {
        let is_half = |value: &f32| f16::from_f32(*value).to_f32().to_bits() == value.to_bits();
        match self.weights.0.values().all(|tensor| tensor.values.iter().all(is_half)) {
            true => WeightPrecision::F16,
            false => WeightPrecision::F32,
        }
    }

    fn weight_entries(&self, precision: WeightPrecision) -> Vec<Entry<'_>> {
        let weights = self.weights.0.iter().map(|(name, tensor)| {
            let name = format!("{WEIGHT_PREFIX}{name}");
            match precision {
                WeightPrecision::F32 => Entry::f32s(name, tensor.shape.clone(), &tensor.values),
                WeightPrecision::F16 => {
                    let half: Vec<f16> = tensor.values.iter().map(|value| f16::from_f32(*value)).collect();
                    Entry::tensor(name, Dtype::F16, tensor.shape.clone(), tables::le_bytes_f16(&half))
                }
            }
        });
        weights.collect()
    }

    fn table_entries(&self) -> Vec<Entry<'_>> {
        let (chunks, l) = (self.chunks.len(), &self.latents);
        let entry = |name: &str, dtype, shape, bytes: Vec<u8>| Entry::tensor(name, dtype, shape, bytes);
        let (global, local) = (l.global_tensor(), l.local_tensor());
        let f32_bytes = |values: Vec<f32>| bytemuck::cast_slice::<f32, u8>(&values).to_vec();
        let clip_of: Vec<u32> = self.chunks.iter().map(|chunk| chunk.clip.0).collect();
        let times: Vec<f32> = self
            .chunks
            .iter()
            .flat_map(|c| [c.start_secs, c.valence, c.arousal])
            .collect();
        let mut entries = vec![
            entry(names::LATENT_GLOBAL, global.0, vec![chunks, l.global_dims()], global.1),
            Entry::written(
                names::LATENT_LOCAL,
                local.0,
                vec![chunks, l.local_steps(), l.local_dims()],
                local.1,
                |take| l.write_local(take),
            ),
            entry(
                names::CHUNK_CLIP,
                Dtype::U32,
                vec![chunks],
                bytemuck::cast_slice(&clip_of).to_vec(),
            ),
            entry(names::CHUNK_TIMES, Dtype::F32, vec![chunks, 3], f32_bytes(times)),
        ];
        if !self.clusters.is_empty() {
            entries.push(entry(
                names::CLUSTERS,
                Dtype::U16,
                vec![chunks],
                bytemuck::cast_slice(&self.clusters).to_vec(),
            ));
        }
        for (i, layout) in self.layouts.iter().enumerate() {
            let points: Vec<f32> = layout.points.iter().flat_map(|point| [point.x, point.y]).collect();
            entries.push(entry(
                &format!("{MAP_PREFIX}{i}"),
                Dtype::F32,
                vec![layout.points.len(), 2],
                f32_bytes(points),
            ));
        }
        entries
    }

    /// Reads a space.
    ///
    /// # Errors
    /// When the file is missing, foreign, too new or damaged.
    pub fn open(path: &Path) -> Result<Self, BundleError> {
        Self::open_paging(path, PAGED_FROM)
    }

    /// The same, with local latents of `page_from` bytes and more left on disk.
    fn open_paging(path: &Path, page_from: u64) -> Result<Self, BundleError> {
        let unread = |source| BundleError::Read {
            path: path.to_owned(),
            source,
        };
        let foreign = |reason: String| BundleError::Foreign {
            path: path.to_owned(),
            reason,
        };
        let mut file = File::open(path).map_err(unread)?;
        let mut bytes = Vec::new();
        Read::by_ref(&mut file)
            .take(BEGINNING_BYTES)
            .read_to_end(&mut bytes)
            .map_err(unread)?;
        // A film, or a device without an end, is not read to its end.
        if bytes.get(8).is_some_and(|first| *first != b'{') {
            return Err(foreign("it does not begin as one".into()));
        }
        if bytes.is_empty() {
            return Err(foreign("it is empty".into()));
        }
        let damaged = |reason: String| BundleError::Damaged {
            path: path.to_owned(),
            reason,
        };
        let Content { bytes, local, flaw } = read_content(file, bytes, page_from).map_err(unread)?;
        if let Some(flaw) = flaw {
            return Err(match flaw {
                Flaw::Contradiction(clause) => damaged(clause),
                Flaw::HalfCopied(there, written) => BundleError::HalfCopied {
                    path: path.to_owned(),
                    there,
                    written,
                },
            });
        }
        let (_, metadata) = SafeTensors::read_metadata(&bytes)
            .map_err(|error| foreign(format!("its table of contents cannot be read (details: {error})")))?;
        let header = metadata
            .metadata()
            .as_ref()
            .and_then(|entries| entries.get(HEADER_KEY))
            .ok_or_else(|| foreign("it has no Songspace header".into()))?;
        let version = serde_json::from_str::<serde_json::Value>(header)
            .ok()
            .and_then(|value| value.get("format_version")?.as_u64())
            .ok_or_else(|| foreign("its header names no format".into()))?;
        if version > u64::from(FORMAT_VERSION) {
            return Err(BundleError::TooNew {
                path: path.to_owned(),
                found: u32::try_from(version).unwrap_or(u32::MAX),
            });
        }
        if version == 0 {
            return Err(damaged(
                "its header names format 0, which no Songspace has written".into(),
            ));
        }
        said_once(header.as_bytes()).map_err(damaged)?;
        let header: Header = serde_json::from_str(header)
            .map_err(|error| damaged(format!("its header lacks something (details: {error})")))?;
        let tensors = SafeTensors::deserialize(&bytes)
            .map_err(|error| damaged(format!("its tables contradict their list (details: {error})")))?;
        Self::from_tensors(header, &tensors, local).map_err(damaged)
    }

    fn from_tensors(header: Header, tensors: &SafeTensors<'_>, local: Option<PagedTensor>) -> Result<Self, String> {
        let config = &header.meta.model;
        if let Some(problem) = config.problem() {
            return Err(problem);
        }
        if config.genres != header.meta.genres.len() {
            return Err(format!(
                "it names {} genres for a model of {}",
                header.meta.genres.len(),
                config.genres
            ));
        }
        let clips = tables::u8s(tensors, names::CLIPS)?;
        said_once(&clips)?;
        let clips: Vec<super::Clip> = serde_json::from_slice(&clips)
            .map_err(|error| format!("its list of clips cannot be read (details: {error})"))?;
        if let Some(clip) = clips.iter().find(|clip| clip.labels.genre.len() != config.genres) {
            return Err(format!("the labels of {} do not match the genres", clip.path));
        }
        let clip_of = tables::u32s(tensors, names::CHUNK_CLIP)?;
        let times = tables::f32s(tensors, names::CHUNK_TIMES, &[clip_of.len(), 3])?;
        if clip_of.iter().any(|clip| *clip as usize >= clips.len()) {
            return Err("a chunk belongs to no clip".into());
        }
        if times.chunks_exact(3).any(|t| !(0.0..MOST_SECS).contains(&t[0])) {
            return Err("a chunk begins before its clip or never".into());
        }
        let chunks: Vec<Chunk> = clip_of
            .iter()
            .zip(times.chunks_exact(3))
            .map(|(clip, t)| Chunk {
                clip: ClipId(*clip),
                start_secs: t[0],
                valence: t[1],
                arousal: t[2],
            })
            .collect();
        let latents = LatentTable::new(config.global_dims, config.local_dims, config.local_steps());
        let latents = latents.read(tensors, chunks.len(), local)?;
        let mut layouts = Vec::new();
        for (i, layout) in header.layouts.into_iter().enumerate() {
            let flat = tables::f32s(tensors, &format!("{MAP_PREFIX}{i}"), &[chunks.len(), 2])?;
            if flat.iter().any(|value| !value.is_finite()) {
                return Err("the map holds points that are nowhere".into());
            }
            let points = flat.chunks_exact(2).map(|p| MapPoint { x: p[0], y: p[1] }).collect();
            layouts.push(Layout {
                kind: layout.kind,
                points,
                quality: layout.quality,
            });
        }
        let clusters = match tensors.tensor(names::CLUSTERS) {
            Ok(_) => tables::u16s(tensors, names::CLUSTERS, chunks.len())?,
            Err(_) => Vec::new(),
        };
        let mut weights = Weights::default();
        let mut embedded_audio = BTreeMap::new();
        for name in tensors.names() {
            if let Some(short) = name.strip_prefix(WEIGHT_PREFIX) {
                weights.0.insert(short.to_owned(), tables::weights(tensors, name)?);
            } else if let Some(clip) = name
                .strip_prefix(names::AUDIO_PREFIX)
                .and_then(|clip| clip.parse::<u32>().ok())
            {
                embedded_audio.insert(clip, Arc::from(tables::u8s(tensors, name)?));
            }
        }
        let mut meta = header.meta;
        meta.figures = meta.figures.into_iter().map(with_current_name).collect();
        meta.kept = meta.kept.within(chunks.len());
        Ok(Self {
            hash: header.hash,
            meta,
            clips,
            chunks,
            latents,
            layouts,
            clusters,
            weights: Arc::new(weights.with_current_names()),
            embedded_audio,
        })
    }
}
