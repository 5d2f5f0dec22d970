package io.amends.benchmarks.twopc.contender;

import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.Uid;
import com.arjuna.ats.arjuna.exceptions.ObjectStoreException;
import com.arjuna.ats.arjuna.state.OutputObjectState;
import com.arjuna.ats.internal.arjuna.objectstore.ShadowNoFileLockStore;
import com.arjuna.ats.internal.arjuna.objectstore.hornetq.HornetqObjectStoreAdaptor;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/** Narayana's stores, which do what they do and count what they have to force to disk. Narayana makes them by name. */
public final class CountedStores {

    private static final LongAdder FORCED = new LongAdder();

    private CountedStores() {}

    /** Requests of writes that are forced; the journal may carry out several at once. */
    static long forced() {
        return FORCED.sum();
    }

    /** The default: a file for each transaction, forced when written, and deleted in the end. */
    public static final class Files extends ShadowNoFileLockStore {

        /** Made by Narayana. */
        public Files(ObjectStoreEnvironmentBean settings) throws ObjectStoreException {
            super(settings);
        }

        @Override
        protected boolean write_state(Uid transaction, String type, OutputObjectState state, int kind)
                throws ObjectStoreException {
            FORCED.increment();
            return super.write_state(transaction, type, state, kind);
        }
    }

    /** One file that is appended to, forced for several transactions at once. */
    public static final class Journal extends HornetqObjectStoreAdaptor {

        /** Made by Narayana. */
        public Journal() throws IOException {}

        @Override
        public boolean write_committed(Uid transaction, String type, OutputObjectState state)
                throws ObjectStoreException {
            FORCED.increment();
            return super.write_committed(transaction, type, state);
        }

        @Override
        public boolean remove_committed(Uid transaction, String type) throws ObjectStoreException {
            FORCED.increment();
            return super.remove_committed(transaction, type);
        }
    }
}
