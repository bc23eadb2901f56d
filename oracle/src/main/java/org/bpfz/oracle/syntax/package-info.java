/**
 * The notation of system calls that strace prints and that scenarios are written in: {@code name(arguments) = result}.
 *
 * <p>Text is held as Latin-1: one character is one byte of the file, so that what stands between quotes is bytes without a second
 * thought, and a column counts bytes.
 */
@NullMarked
package org.bpfz.oracle.syntax;

import org.jspecify.annotations.NullMarked;
