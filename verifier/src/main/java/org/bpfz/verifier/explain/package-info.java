/** Why a program was refused, for those who do not read the kernel's log every day. */
@NullMarked
package org.bpfz.verifier.explain;

import org.jspecify.annotations.NullMarked;
