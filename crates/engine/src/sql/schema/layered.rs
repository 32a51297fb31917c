//! A map that costs little to copy, however large it is.

use super::TableName;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What is known by name. Copies share what they had in common; what one changes while they do lies above.
#[derive(Clone, Debug)]
pub(super) struct Layered<V> {
    below: Arc<FxHashMap<TableName, V>>,
    /// None stands for what is gone.
    above: FxHashMap<TableName, Option<V>>,
}

impl<V> Default for Layered<V> {
    fn default() -> Self {
        Layered {
            below: Arc::default(),
            above: FxHashMap::default(),
        }
    }
}

impl<V: Clone> Layered<V> {
    pub fn get(&self, name: &TableName) -> Option<&V> {
        match self.above.get(name) {
            Some(changed) => changed.as_ref(),
            None => self.below.get(name),
        }
    }

    pub fn contains(&self, name: &TableName) -> bool {
        self.get(name).is_some()
    }

    pub fn get_mut(&mut self, name: &TableName) -> Option<&mut V> {
        if self.own().is_none() && !self.above.contains_key(name) {
            let shared = self.below.get(name)?.clone();
            self.above.insert(name.clone(), Some(shared));
        }
        // Asked again, as what it gave cannot be kept beyond the other branch.
        match Arc::get_mut(&mut self.below) {
            Some(own) => own.get_mut(name),
            None => self.above.get_mut(name)?.as_mut(),
        }
    }

    /// Gives back what was there.
    pub fn insert(&mut self, name: TableName, value: V) -> Option<V> {
        if let Some(own) = self.own() {
            return own.insert(name, value);
        }
        let old = self.get(&name).cloned();
        self.above.insert(name, Some(value));
        old
    }

    /// Gives back what was there.
    pub fn remove(&mut self, name: &TableName) -> Option<V> {
        if let Some(own) = self.own() {
            return own.remove(name);
        }
        let old = self.get(name).cloned()?;
        self.above.insert(name.clone(), None);
        Some(old)
    }

    /// What is there by that name, which is made where there is nothing.
    pub fn entry(&mut self, name: &TableName) -> &mut V
    where
        V: Default,
    {
        if !self.contains(name) {
            self.insert(name.clone(), V::default());
        }
        self.get_mut(name).expect("it was made")
    }

    /// Keeps those alone.
    pub fn retain(&mut self, is_kept: impl Fn(&TableName) -> bool) {
        let gone = self.all().map(|(name, _)| name);
        let gone: Vec<TableName> = gone.filter(|name| !is_kept(name)).cloned().collect();
        for name in gone {
            self.remove(&name);
        }
    }

    /// All of them, in order of name.
    pub fn iter(&self) -> impl Iterator<Item = (&TableName, &V)> {
        let mut all: Vec<_> = self.all().collect();
        all.sort_unstable_by_key(|(name, _)| *name);
        all.into_iter()
    }

    /// All of them, in no order.
    fn all(&self) -> impl Iterator<Item = (&TableName, &V)> {
        let below = self.below.iter();
        let below = below.filter(|(name, _)| !self.above.contains_key(name));
        let above = self.above.iter();
        below.chain(above.filter_map(|(name, value)| Some((name, value.as_ref()?))))
    }

    pub fn names(&self) -> impl Iterator<Item = &TableName> {
        self.iter().map(|(name, _)| name)
    }

    /// The map itself with all changes in it, where no copy shares it.
    fn own(&mut self) -> Option<&mut FxHashMap<TableName, V>> {
        let own = Arc::get_mut(&mut self.below)?;
        put(std::mem::take(&mut self.above), own);
        Some(own)
    }

    /// What lies above goes into the map, which is copied where copies share it: those that are made from now on cost little.
    pub fn settle(&mut self) {
        if !self.above.is_empty() {
            put(
                std::mem::take(&mut self.above),
                Arc::make_mut(&mut self.below),
            );
        }
    }
}

fn put<V>(changes: FxHashMap<TableName, Option<V>>, into: &mut FxHashMap<TableName, V>) {
    for (name, changed) in changes {
        match changed {
            Some(value) => into.insert(name, value),
            None => into.remove(&name),
        };
    }
}

impl<V: Clone + PartialEq> PartialEq for Layered<V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<V: Clone + Eq> Eq for Layered<V> {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[derive(Clone, Debug)]
    enum Step {
        Insert(u8, u8),
        Remove(u8),
        Change(u8, u8),
        Entry(u8),
        Retain(u8),
        /// Goes on with a copy; the other is kept, or not.
        Copy(bool),
        Settle,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0_u8..12, any::<u8>()).prop_map(|(name, value)| Step::Insert(name, value)),
            (0_u8..12).prop_map(Step::Remove),
            (0_u8..12, any::<u8>()).prop_map(|(name, value)| Step::Change(name, value)),
            (0_u8..12).prop_map(Step::Entry),
            (2_u8..5).prop_map(Step::Retain),
            any::<bool>().prop_map(Step::Copy),
            Just(Step::Settle),
        ]
    }

    fn name(number: u8) -> TableName {
        TableName::new(None, format!("t{number:02}"))
    }

    proptest! {
        #[test]
        fn it_is_a_map_whoever_shares_it(steps in prop::collection::vec(step(), 0..60)) {
            let mut map: Layered<u8> = Layered::default();
            let mut model: BTreeMap<TableName, u8> = BTreeMap::new();
            let mut kept = Vec::new();
            for step in steps {
                match step {
                    Step::Insert(key, value) => {
                        prop_assert_eq!(map.insert(name(key), value), model.insert(name(key), value));
                    }
                    Step::Remove(key) => {
                        prop_assert_eq!(map.remove(&name(key)), model.remove(&name(key)));
                    }
                    Step::Change(key, value) => {
                        let (one, other) = (map.get_mut(&name(key)), model.get_mut(&name(key)));
                        prop_assert_eq!(one.is_some(), other.is_some());
                        if let (Some(one), Some(other)) = (one, other) {
                            (*one, *other) = (value, value);
                        }
                    }
                    Step::Entry(key) => {
                        prop_assert_eq!(map.entry(&name(key)), model.entry(name(key)).or_default());
                    }
                    Step::Retain(divisor) => {
                        let is_kept = |name: &TableName| !name.name.as_bytes()[2].is_multiple_of(divisor);
                        map.retain(is_kept);
                        model.retain(|name, _| is_kept(name));
                    }
                    Step::Settle => {
                        map.settle();
                        prop_assert!(map.above.is_empty());
                    }
                    Step::Copy(is_kept) => {
                        let copy = map.clone();
                        let before = std::mem::replace(&mut map, copy);
                        if is_kept {
                            kept.push((before, model.clone()));
                        }
                    }
                }
                prop_assert!(map.iter().eq(model.iter()));
                prop_assert!((0..12).all(|key| map.get(&name(key)) == model.get(&name(key))));
            }
            for (map, model) in kept {
                prop_assert!(map.iter().eq(model.iter()));
            }
        }
    }
}
