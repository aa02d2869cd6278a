//! The decoder of the newest snapshot on one thread, on the adapter where that is ready and on the CPU elsewhere.

use super::DecodeEvent;
use super::compute::Compute;
use super::desk::DecodeDesk;
use crate::decode::{DecodeError, OwnLevels, SpaceDecoder};
use crate::device::OpenDevice;
use crate::space::Snapshot;
use crate::sync::{StopFlag, panic_message};
use crate::values::{Course, DecodeOrder, DecodeRequest, DecodedChunk};
use rayon::ThreadPool;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

/// So many slow decodes in a row are no accident.
const SLOW_DECODES: u32 = 4;

/// Makes the decoder ready and keeps it so. It stays on the thread that made it, as tensors of an adapter must.
#[derive(Default)]
pub(super) struct Decoders {
    made: Option<Made>,
    /// Slow decodes in a row.
    slow: u32,
}

struct Made {
    snapshot: Arc<Snapshot>,
    adapter: Option<OpenDevice>,
    /// `None` where the snapshot cannot sound: it must not sound like the one before.
    decoder: Option<SpaceDecoder>,
    own_levels: OwnLevels,
}

impl Made {
    /// Whether it is what sounds of `snapshot`. One that cannot sound is tried again when it comes again: what it lacked may
    /// be there now.
    fn suits(&self, snapshot: &Arc<Snapshot>) -> bool {
        Arc::ptr_eq(&self.snapshot, snapshot) || (self.decoder.is_some() && self.snapshot.hash == snapshot.hash)
    }
}

impl Decoders {
    /// Changes to a newer snapshot, or to another device for the same one.
    pub fn take_up(&mut self, desk: &DecodeDesk, compute: &Compute) {
        let Some(snapshot) = desk.snapshot() else { return };
        let adapter = compute.decoding_adapter(&snapshot.meta.model);
        let is_made = |made: &Made| made.suits(&snapshot) && made.adapter.is_some() == adapter.is_some();
        if self.made.as_ref().is_some_and(is_made) {
            return;
        }
        let device = adapter.clone().unwrap_or_else(|| OpenDevice::cpu(None));
        let before = self.made.take().and_then(|made| made.decoder);
        let fresh = guarded(|| SpaceDecoder::succeeding(before.as_ref(), &snapshot, &device.device));
        let decoder = match fresh {
            Ok(decoder) => Some(decoder),
            Err(error) if adapter.is_some() && is_of_the_device(&error) => {
                lose(&device, &error, compute);
                return self.take_up(desk, compute);
            }
            Err(error) => {
                let sentence = error.to_string();
                desk.tell(match error {
                    DecodeError::Voice(_) => DecodeEvent::NeedsWeights(sentence),
                    _ => DecodeEvent::Failed(sentence),
                });
                None
            }
        };
        self.made = Some(Made {
            snapshot,
            adapter,
            decoder,
            own_levels: OwnLevels::default(),
        });
    }

    /// Decodes what was asked for and hands it out chunk by chunk. On the CPU it works in `pool`. When the adapter fails, the CPU answers
    /// the same request.
    pub fn serve(
        &mut self,
        request: &DecodeRequest,
        desk: &DecodeDesk,
        compute: &Compute,
        pool: Option<&ThreadPool>,
        stop: &StopFlag,
    ) {
        self.take_up(desk, compute);
        let Some(Made {
            decoder: Some(decoder),
            adapter,
            own_levels,
            ..
        }) = &mut self.made
        else {
            return;
        };
        let begun = Instant::now();
        let adapter = adapter.clone();
        let mut row = || guarded(|| decode_row(decoder, own_levels, request, desk, stop));
        let decoded = match (pool, &adapter) {
            (Some(pool), None) => pool.install(row),
            _ => row(),
        };
        match (decoded, adapter) {
            (Ok(chunks), adapter) => {
                if let Some(adapter) = adapter {
                    let secs = begun.elapsed().as_secs_f32() / chunks.max(1) as f32;
                    self.watch(secs, &adapter, desk, compute);
                }
            }
            (Err(error), Some(adapter)) if is_of_the_device(&error) => {
                lose(&adapter, &error, compute);
                self.serve(request, desk, compute, pool, stop);
            }
            (Err(error), _) => desk.tell(DecodeEvent::Failed(error.to_string())),
        }
    }

    /// Gives decoding to the CPU where the adapter does not keep up, and says so.
    fn watch(&mut self, secs: f32, adapter: &OpenDevice, desk: &DecodeDesk, compute: &Compute) {
        self.slow = if secs > compute.slowest_decode().as_secs_f32() {
            self.slow + 1
        } else {
            0
        };
        if self.slow >= SLOW_DECODES && compute.adapter_is_too_slow() {
            desk.tell(DecodeEvent::CpuTookOver(too_slow(adapter, secs)));
        }
    }
}

/// Why the CPU decodes although there is an adapter, in a sentence.
pub(super) fn too_slow(adapter: &OpenDevice, secs: f32) -> String {
    format!(
        "{} takes {:.0} ms to decode a sound, too long to follow your hand: the CPU decodes instead.",
        adapter.name,
        secs * 1e3
    )
}

fn lose(adapter: &OpenDevice, error: &DecodeError, compute: &Compute) {
    compute.fall_back(format!(
        "{} stopped working ({error}), so the CPU is used.",
        adapter.name
    ));
}

fn is_of_the_device(error: &DecodeError) -> bool {
    matches!(error, DecodeError::Device(_))
}

/// A driver's panic as the error it is.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, DecodeError>) -> Result<T, DecodeError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|payload| Err(DecodeError::Device(panic_message(payload.as_ref()))))
}

/// Decodes one chunk after the other and hands out what there is of the row after each, until a newer request waits. Returns
/// how many were decoded.
fn decode_row(
    decoder: &SpaceDecoder,
    own_levels: &mut OwnLevels,
    request: &DecodeRequest,
    desk: &DecodeDesk,
    stop: &StopFlag,
) -> Result<usize, DecodeError> {
    let mut row: Vec<Arc<DecodedChunk>> = Vec::with_capacity(request.row.len());
    for (index, part) in request.row.iter().enumerate() {
        if !row.is_empty() && (stop.is_stopped() || desk.is_waiting()) {
            break;
        }
        let begun = Instant::now();
        let (frames, steering) = decoder.decode_steered(part, request.strength, request.context, own_levels)?;
        let mut audio = decoder.audio(frames, request.context);
        let raise = decoder.raise_audio(&mut audio, part.loudness);
        row.push(Arc::new(DecodedChunk {
            made_of: Some(Arc::new(DecodeOrder {
                part: part.clone(),
                strength: request.strength,
                context: request.context,
            })),
            generation: request.generation,
            asked_at: request.asked_at,
            decode_secs: begun.elapsed().as_secs_f32(),
            audio,
            steering,
            timing: part.timing,
            course: request.first_number.map(|first| Course {
                number: first + index as u64,
                is_jump: part.is_jump,
            }),
        }));
        desk.answer(&row);
        // Samples sound at once, and their recording is steered by what they turn out to be.
        if let Some(last) = row.last_mut()
            && let Some(steering) = decoder.steer_samples(part, (&last.audio, raise), request.context, own_levels)?
        {
            let steered = DecodedChunk {
                steering: Some(steering),
                ..DecodedChunk::clone(last)
            };
            *last = Arc::new(steered);
            desk.answer(&row);
        }
    }
    Ok(row.len())
}

/// Whether kernels for `snapshot` do the decoder's work in time: decodes a few of its chunks.
///
/// # Errors
/// When the snapshot or the device fails.
pub(super) fn try_out(snapshot: &Snapshot, adapter: &OpenDevice) -> Result<f32, DecodeError> {
    const TRIES: usize = 3;
    let decoder = SpaceDecoder::new(snapshot, &adapter.device)?;
    let chunk = crate::values::ChunkId(0);
    let (latent, labels) = (snapshot.latents.get(chunk), snapshot.labels(chunk));
    let decode = || {
        let begun = Instant::now();
        let sound = decoder.decode(&latent, &labels, 1.0, crate::values::LoopContext::Circular);
        sound.map(|_| begun.elapsed().as_secs_f32())
    };
    decode()?;
    let times: Vec<f32> = (0..TRIES).map(|_| decode()).collect::<Result<_, _>>()?;
    Ok(times.into_iter().fold(f32::INFINITY, f32::min))
}
