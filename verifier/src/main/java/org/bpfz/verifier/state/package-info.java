/**
 * What the verifier believes at one point of the program: registers, stack slots, frames and the state made of them.
 *
 * <p>A {@link org.bpfz.verifier.state.Value} is immutable and shared freely. A {@link org.bpfz.verifier.state.Register} is the
 * place that holds one; it is mutable, because liveness and precision are learnt after a state was saved and are written back into the
 * saved states. A {@link org.bpfz.verifier.state.State} is copied before two paths share it.
 */
@NullMarked
package org.bpfz.verifier.state;

import org.jspecify.annotations.NullMarked;
