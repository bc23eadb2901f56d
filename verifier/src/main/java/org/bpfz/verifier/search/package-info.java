/**
 * The search over all paths: what comes next, which states were seen, and what later instructions teach about earlier ones.
 *
 * <p>{@link org.bpfz.verifier.search.Search} holds what one verification knows; {@link org.bpfz.verifier.search.WorkList} the paths
 * that are left; {@link org.bpfz.verifier.search.Checkpoints} the states that were saved, compared by
 * {@link org.bpfz.verifier.search.Equivalence}; {@link org.bpfz.verifier.search.Precision} and
 * {@link org.bpfz.verifier.search.Liveness} carry demands back to them.
 */
@NullMarked
package org.bpfz.verifier.search;

import org.jspecify.annotations.NullMarked;
