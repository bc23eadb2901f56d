/**
 * Between the notation of system calls and the model's calls: what an argument as written means, and how a call and its outcome are
 * written down again.
 */
@NullMarked
package org.bpfz.oracle.calls;

import org.jspecify.annotations.NullMarked;
