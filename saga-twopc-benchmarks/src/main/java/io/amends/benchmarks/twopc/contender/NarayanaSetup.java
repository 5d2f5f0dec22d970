package io.amends.benchmarks.twopc.contender;

import com.arjuna.ats.arjuna.common.CoordinatorEnvironmentBean;
import com.arjuna.ats.arjuna.common.CoreEnvironmentBeanException;
import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.RecoveryEnvironmentBean;
import com.arjuna.ats.arjuna.common.arjPropertyManager;
import com.arjuna.ats.arjuna.common.recoveryPropertyManager;
import com.arjuna.ats.arjuna.recovery.RecoveryManager;
import com.arjuna.ats.arjuna.recovery.RecoveryModule;
import com.arjuna.ats.internal.arjuna.objectstore.ShadowNoFileLockStore;
import com.arjuna.ats.internal.arjuna.objectstore.hornetq.HornetqJournalEnvironmentBean;
import com.arjuna.ats.internal.arjuna.recovery.AtomicActionRecoveryModule;
import com.arjuna.ats.internal.jta.recovery.arjunacore.XARecoveryModule;
import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import com.arjuna.ats.jta.common.jtaPropertyManager;
import com.arjuna.ats.jta.recovery.XAResourceRecoveryHelper;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.transaction.xa.XAResource;
import org.jboss.tm.XAResourceRecovery;
import org.jboss.tm.XAResourceRecoveryRegistry;

/**
 * Narayana's settings. They hold for a whole JVM, so that there is one contender of it in each. Everything that is not set
 * here is as it comes; the module's README tells why each is.
 */
final class NarayanaSetup {

    private static final String NODE = "1";

    private final TransactionManager manager;
    private final TransactionSynchronizationRegistry synchronizations = new TransactionSynchronizationRegistryImple();
    private final Registry registry = new Registry();

    private NarayanaSetup(TransactionManager manager) {
        this.manager = manager;
    }

    static NarayanaSetup start(Settings settings) {
        String directory = settings.get("narayana.directory");
        String store = switch (settings.get("narayana.store")) {
            case "files" -> CountedStores.Files.class.getName();
            case "journal" -> CountedStores.Journal.class.getName();
            default ->
                throw new IllegalArgumentException(
                        "Narayana's store is files or journal, not " + settings.get("narayana.store"));
        };
        ObjectStoreEnvironmentBean transactions = arjPropertyManager.getObjectStoreEnvironmentBean();
        transactions.setObjectStoreDir(directory);
        transactions.setObjectStoreType(store);
        // What these are for is not used here, but Narayana makes them.
        for (String other : List.of("communicationStore", "stateStore")) {
            ObjectStoreEnvironmentBean bean = BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, other);
            bean.setObjectStoreDir(directory);
            bean.setObjectStoreType(ShadowNoFileLockStore.class.getName());
        }
        HornetqJournalEnvironmentBean journal = BeanPopulator.getDefaultInstance(HornetqJournalEnvironmentBean.class);
        journal.setStoreDir(directory + "/journal");
        try {
            arjPropertyManager.getCoreEnvironmentBean().setNodeIdentifier(NODE);
        } catch (CoreEnvironmentBeanException impossible) {
            throw new IllegalStateException("Narayana does not take the node's name", impossible);
        }
        jtaPropertyManager.getJTAEnvironmentBean().setXaRecoveryNodes(List.of(NODE));
        CoordinatorEnvironmentBean coordinator = arjPropertyManager.getCoordinatorEnvironmentBean();
        boolean parallel = Boolean.parseBoolean(settings.get("narayana.parallel"));
        coordinator.setAsyncPrepare(parallel);
        coordinator.setAsyncCommit(parallel);
        coordinator.setMaxTwoPhaseCommitThreads(2 * Settings.CONNECTIONS);
        // For recovery in other processes; Quarkus and WildFly switch it off too.
        coordinator.setTransactionStatusManagerEnable(false);
        RecoveryEnvironmentBean recovery = recoveryPropertyManager.getRecoveryEnvironmentBean();
        recovery.setRecoveryModuleClassNames(
                List.of(AtomicActionRecoveryModule.class.getName(), XARecoveryModule.class.getName()));
        recovery.setPeriodicRecoveryPeriod(10);
        recovery.setRecoveryBackoffPeriod(Integer.parseInt(settings.get("narayana.recovery-backoff")));
        return new NarayanaSetup(com.arjuna.ats.jta.TransactionManager.transactionManager());
    }

    TransactionManager manager() {
        return manager;
    }

    TransactionSynchronizationRegistry synchronizations() {
        return synchronizations;
    }

    XAResourceRecoveryRegistry registry() {
        return registry;
    }

    long forcedWrites() {
        return CountedStores.forced();
    }

    /** The pools are there, so that the first look finds them. */
    void startRecovery() {
        RecoveryManager.manager(RecoveryManager.INDIRECT_MANAGEMENT).initialize();
        for (RecoveryModule module : RecoveryManager.manager().getModules()) {
            if (module instanceof XARecoveryModule xa) {
                registry.helpers.values().forEach(xa::addXAResourceRecoveryHelper);
                RecoveryManager.manager().startRecoveryManagerThread();
                return;
            }
        }
        throw new IllegalStateException("Narayana's recovery has no module for XA");
    }

    /** Collects what Agroal has to recover; an application server does this for its applications. */
    private static final class Registry implements XAResourceRecoveryRegistry {

        private final Map<XAResourceRecovery, XAResourceRecoveryHelper> helpers = new ConcurrentHashMap<>();

        @Override
        public void addXAResourceRecovery(XAResourceRecovery recovery) {
            helpers.put(recovery, new XAResourceRecoveryHelper() {
                @Override
                public boolean initialise(String properties) {
                    return true;
                }

                @Override
                public XAResource[] getXAResources() {
                    return recovery.getXAResources();
                }
            });
        }

        @Override
        public void removeXAResourceRecovery(XAResourceRecovery recovery) {
            helpers.remove(recovery);
        }
    }
}
