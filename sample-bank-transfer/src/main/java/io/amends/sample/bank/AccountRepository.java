package io.amends.sample.bank;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/**
 * Accounts, holds and ledger. Each movement is one statement that changes amounts by adding to them, so that concurrent
 * transfers commute; its condition is part of it, so that nothing is read, decided and written back. The number that a
 * movement returns is that of the rows it wrote last: none means that its condition did not hold.
 */
interface AccountRepository extends Repository<Account, String> {

    Optional<Account> findById(String account);

    @Modifying
    @Query("""
            with opened as (
              insert into account (account, balance) values (:account, :balance)
              on conflict (account) do nothing returning account, balance)
            insert into ledger_entry (account, amount, kind)
            select account, balance, 'OPENING' from opened
            union all select '(opening)', -balance, 'OPENING' from opened""")
    int open(String account, BigDecimal balance);

    /** What the account was opened with; null if there is no such account. */
    @Query("select amount from ledger_entry where account = :account and kind = 'OPENING'")
    @Nullable
    BigDecimal openedWith(String account);

    /** Locks both until the transaction ends. */
    @Query("select account from account where account in (:one, :other) order by account for update")
    List<String> lockInOrder(String one, String other);

    @Modifying
    @Query("update account set status = 'CLOSED' where account = :account")
    int close(String account);

    @Modifying
    @Query("""
            with reserved as (
              update account set held = held + :amount
               where account = :account and status = 'OPEN' and balance - held >= :amount returning account)
            insert into hold (transfer_id, account, amount, status)
            select :transferId, account, :amount, 'HELD' from reserved""")
    int reserve(UUID transferId, String account, BigDecimal amount);

    @Modifying
    @Query("""
            with released as (
              update hold set status = 'RELEASED' where transfer_id = :transferId and status = 'HELD'
              returning account, amount)
            update account a set held = a.held - r.amount from released r where a.account = r.account""")
    int release(UUID transferId);

    @Modifying
    @Query("""
            with captured as (
              update hold set status = 'CAPTURED' where transfer_id = :transferId and status = 'HELD'
              returning transfer_id, account, amount),
            debited as (
              update account a set balance = a.balance - c.amount, held = a.held - c.amount
                from captured c where a.account = c.account)
            insert into ledger_entry (transfer_id, account, amount, kind)
            select transfer_id, account, -amount, 'CAPTURE' from captured
            union all select transfer_id, '(transit)', amount, 'CAPTURE' from captured""")
    int capture(UUID transferId);

    @Modifying
    @Query("""
            with debited as (
              update account set balance = balance - :amount
               where account = :account and status = 'OPEN' and balance - held >= :amount returning account)
            insert into ledger_entry (transfer_id, account, amount, kind)
            select :transferId, account, -:amount, 'DEBIT' from debited
            union all select :transferId, '(transit)', :amount, 'DEBIT' from debited""")
    int debit(UUID transferId, String account, BigDecimal amount);

    @Modifying
    @Query("""
            with credited as (
              update account set balance = balance + :amount
               where account = :account and status = 'OPEN' returning account)
            insert into ledger_entry (transfer_id, account, amount, kind)
            select :transferId, account, :amount, 'CREDIT' from credited
            union all select :transferId, '(transit)', -:amount, 'CREDIT' from credited""")
    int credit(UUID transferId, String account, BigDecimal amount);

    /** Adds to an account whatever its status and balance: for compensations, which can't be refused. */
    @Modifying
    @Query("""
            with adjusted as (
              update account set balance = balance + :amount where account = :account returning account)
            insert into ledger_entry (transfer_id, account, amount, kind)
            select :transferId, account, :amount, :kind from adjusted
            union all select :transferId, '(transit)', -:amount, :kind from adjusted""")
    int adjust(UUID transferId, String account, BigDecimal amount, String kind);
}
