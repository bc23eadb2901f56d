/** What the search teaches about single instructions, kept for engines: where memory is accessed, which way jumps go, who sees a frame. */
@NullMarked
package org.bpfz.verifier.facts;

import org.jspecify.annotations.NullMarked;
