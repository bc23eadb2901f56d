package org.bpfz.oracle.check;

import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Inode;
import org.bpfz.spec.kernel.OpenFile;
import org.bpfz.spec.kernel.State;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.IntTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * One explanation of a trace so far.
 *
 * @param state    what the machine may be like now
 * @param answers  the readings under which it is
 * @param waiting  what is left of calls that wait, by pid
 * @param maps     what the programs' maps hold
 * @param programs the descriptors of loaded programs in the first task, by name
 * @param links    the descriptors of links in the first task, by name
 * @param doubtful open files of which something is not known since a violation: what is seen of them next is taken as it is
 */
record Candidate(State state, Answers answers, IntTreePMap<Call> waiting, MapContents maps,
        PMap<String, Integer> programs, PMap<String, Integer> links, PSet<Integer> doubtful) {

    /** A machine that has just been started, under any of the readings. */
    static Candidate boot(Answers answers) {
        return new Candidate(State.boot(), answers, IntTreePMap.empty(), MapContents.EMPTY, HashTreePMap.empty(),
                HashTreePMap.empty(), HashTreePSet.empty());
    }

    Candidate with(State changed) {
        return new Candidate(changed, answers, waiting, maps, programs, links, doubtful);
    }

    Candidate with(Answers changed) {
        return new Candidate(state, changed, waiting, maps, programs, links, doubtful);
    }

    Candidate with(MapContents changed) {
        return changed.equals(maps) ? this : new Candidate(state, answers, waiting, changed, programs, links, doubtful);
    }

    Candidate withWaiting(IntTreePMap<Call> changed) {
        return new Candidate(state, answers, changed, maps, programs, links, doubtful);
    }

    Candidate withProgram(String name, int fd) {
        return new Candidate(state, answers, waiting, maps, programs.plus(name, fd), links, doubtful);
    }

    Candidate withLinks(PMap<String, Integer> changed) {
        return new Candidate(state, answers, waiting, maps, programs, changed, doubtful);
    }

    Candidate doubting(PSet<Integer> files) {
        return new Candidate(state, answers, waiting, maps, programs, links, files);
    }

    /** Whether the two are the same but for the readings. */
    boolean isSame(Candidate other) {
        return summary() == other.summary() && waiting.equals(other.waiting) && maps.equals(other.maps)
                && programs.equals(other.programs) && links.equals(other.links) && doubtful.equals(other.doubtful)
                && state.equals(other.state);
    }

    /** A number that is the same for equal states and rarely is for others; cheap, for every event asks for it. */
    int summary() {
        long sum = 0;
        for (OpenFile file : state.files().values()) {
            sum = 31 * sum + file.position() + 7 * file.sums().written() + 13 * file.sums().after()
                    + (file.verified() ? 3 : 0);
        }
        for (Inode inode : state.inodes().values()) {
            sum = 31 * sum + inode.size() + 7 * inode.sums().written() + 13 * inode.sums().after();
        }
        return Long.hashCode(sum);
    }
}
