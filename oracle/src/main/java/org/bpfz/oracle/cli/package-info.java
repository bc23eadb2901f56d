/**
 * The command {@code bpfz}: arguments in, text or JSON out, exit codes; what a command does is written in the other packages.
 */
@NullMarked
package org.bpfz.oracle.cli;

import org.jspecify.annotations.NullMarked;
