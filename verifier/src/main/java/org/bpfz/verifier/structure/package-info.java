/** What can be said of a program before any of it is followed: encodings, subprograms, control flow, and afterwards the stack depth. */
@NullMarked
package org.bpfz.verifier.structure;

import org.jspecify.annotations.NullMarked;
