create table if not exists stock (item text primary key, pieces int not null);
