/**
 * The command {@code bpfz prove}.
 */
@NullMarked
package org.bpfz.proofs.cli;

import org.jspecify.annotations.NullMarked;
