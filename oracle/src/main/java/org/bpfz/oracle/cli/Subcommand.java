package org.bpfz.oracle.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * A command that exists.
 *
 * @param name    what the user types
 * @param summary one line for the list of commands
 * @param factory makes the command with its options not yet read
 */
record Subcommand(String name, String summary, Function<Terminal, Callable<Integer>> factory) {

    /** All of them, in the order of the help. */
    static final List<Subcommand> ALL = List.of(
            new Subcommand("analyze", "How well files compress: written through the modelled kernel.",
                    AnalyzeCommand::new),
            new Subcommand("run", "Run a scenario on the modelled kernel.", RunCommand::new),
            new Subcommand("prog", "Programs: load, show, dump and run, in bpftool's grammar.", ProgCommand::new),
            new Subcommand("conformance", "A plug-in for the runner of the bpf_conformance suite.",
                    ConformanceCommand::new),
            new Subcommand("bench", "Measure engines, LZO and the write path, and native peers.", BenchCommand::new),
            new Subcommand("replay", "Replay a recording made by strace through the modelled kernel.",
                    ReplayCommand::new),
            new Subcommand("check", "Recorded traces against the specification, clause by clause.", CheckCommand::new),
            new Subcommand("grade", "A kernel against the requirements: one row a clause, with points.",
                    GradeCommand::new),
            new Subcommand("asm", "Instructions as text to bytes.", AsmCommand::new),
            new Subcommand("disasm", "Bytes to instructions as text.", DisasmCommand::new),
            new Subcommand("lzo", "The kernel's LZO by itself: compress, decompress or measure a file.",
                    LzoCommand::new),
            new Subcommand("verify", "What Linux 6.12's verifier says of an object's programs.",
                    VerifyCommand::new),
            new Subcommand("diff", "Campaigns of generated programs: engines, or verdicts against a kernel's.",
                    DiffCommand::new),
            new Subcommand("merge", "Add up the shards of a campaign.", MergeCommand::new),
            new Subcommand("selftest",
                    "Objects that say what the verifier should make of them: the kernel's own tests.",
                    SelftestCommand::new),
            new Subcommand("objects",
                    "Folders of objects: which are loaded, which run as expected, and why others are not.",
                    ObjectsCommand::new),
            new Subcommand("kernel", "Fetch and boot a stock Linux 6.12 as a peer.", KernelCommand::new),
            new Subcommand("attach", "Programs on functions of the modelled kernel, over a recorded workload.",
                    AttachCommand::new),
            new Subcommand("map", "Maps that are pinned in a state folder, in bpftool's grammar.", MapCommand::new),
            new Subcommand("link", "Links that are pinned in a state folder, in bpftool's grammar.", LinkCommand::new),
            new Subcommand("btf", "Types of objects and kernels, in bpftool's grammar.", BtfCommand::new),
            new Subcommand("gen", "Java classes for objects, in bpftool's grammar.", GenCommand::new),
            new Subcommand("core-relo", "What becomes of an object's CO-RE relocations on a kernel.",
                    CoreRelocationsCommand::new),
            new Subcommand("prove", "Prove the theorems about the class files that run.", ProveCommand::new));
}
