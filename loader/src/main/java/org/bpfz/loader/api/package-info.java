/**
 * Objects in use, in the shape that libbpf, cilium/ebpf and aya have: open, adjust, load, attach, use, close.
 *
 * <pre>{@code
 * BpfObject object = BpfObject.open(Path.of("limits.bpf.o"))            // parses, and loads nothing
 *         .with(Adjustments.NONE.withMaxEntries("counts", 64))          // adjusts
 *         .withVariable("limit", 4096)                                  // read-only data too: the verifier sees it
 *         .on(kernel.profile().target());                               // types for CO-RE, configuration
 * try (LoadedObject loaded = object.load(kernel.door());                // maps are created, programs verified
 *         LinkHandle link = loaded.program("count").attach()) {
 *     kernel.run(...);
 *     for (MapHandle.Entry entry : loaded.map("counts").entries()) {
 *         System.out.println(entry.value());
 *     }
 *     System.out.println(loaded.variable("total").getLong());
 * } catch (ProgramRefusedException e) {
 *     System.err.println(e.log());                                      // all that the verifier has said
 * }
 * }</pre>
 *
 * <p>Everything goes through {@link org.bpfz.spec.bpf.BpfSystemCall}: the modelled kernel, or the machine's own.
 */
@NullMarked
package org.bpfz.loader.api;

import org.jspecify.annotations.NullMarked;
