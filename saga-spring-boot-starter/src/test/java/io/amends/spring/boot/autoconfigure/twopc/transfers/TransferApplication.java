package io.amends.spring.boot.autoconfigure.twopc.transfers;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A service that coordinates, if participants are configured. */
@SpringBootApplication
public class TransferApplication {}
