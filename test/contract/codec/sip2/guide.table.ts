/**
 * Sample messages of the 3M developers' guide, as the tests of the public client `sip2` for Node keep them. The requests
 * fit their checksums. Of the answers six do not: the guide's text was edited after their checksums were made.
 */
export const GUIDE_REQUESTS: readonly string[] = [
  '9300CNLoginUserID|COLoginPassword|CPLocationCode|AY5AZEC7B',
  '990401.00|AY1AZFC59',
  '2300119960212    100239AOid_21|AA104000000105|AC|AD|AY2AZF271',
  '6300119980723    091905Y         AOInstitutionID|AAPatronID|BP00001|BQ00005|AY1AZEA83',
  '01N19960213    162352AO|ALCARD BLOCK TEST|AA104000000705|AC|AY2AZF02F',
  '2519980723    094240AOCertification Institute ID|AAPatronID|AY4AZEBF1',
  '1719980723    100000AOCertification Institute ID|ABItemBook|AY1AZEBEB',
  '11YN19960212    10051419960212    100514AO|AA104000000105|AB000000000005792|AC|AY3AZEDC2',
  '09N19980821    085721                  APCertification Terminal Location|AOCertification Institute ID|ABCheckInBook|ACTPWord|BIN|AY2AZD6A5',
  '3719980723    0932110401USDBV111.11|AOCertification Institute ID|AAPatronID|BKTransactionID|AY2AZE1EF',
  '3519980723    094014AOCertification Institute ID|AAPatronID|AY3AZEBF2',
];

/** The answers with whether their checksum fits. */
export const GUIDE_ANSWERS: readonly (readonly [text: string, isFitting: boolean])[] = [
  ['941AY3AZFDFA', true],
  [
    '98YYYNYN01000319960214    1447001.00AOID_21|AMCentral Library|ANtty30|AFScreen Message|AGPrint Message|AY1AZDA74',
    false,
  ],
  [
    '24              00119960212    100239AO|AA104000000105|AEJohn Doe|AFScreen Message|AGCheck Print message|AY2AZDFC4',
    false,
  ],
  [
    '64              00119980723 104009000100000002000100020000AOInstitutionID for PatronID|AAPatronID|AEPatron Name|BZ0002|CA0003|CB0010|BLY|ASItemID1 for PatronID|AUChargeItem1|AUChargeItem2|BDHome Address|BEE Mail Address|BFHome Phone for PatronID|AFScreenMessage 0 for PatronID, Language 1|AFScreen Message 1 for PatronID, Language 1|AFScreen Message 2 for PatronID, Language 1|AGPrint Line 0 for PatronID, Language 1|AGPrint Line 1 for PatronID, Language 1|AGPrint Line 2 for PatronID, language 1|AY4AZ608F',
    false,
  ],
  [
    '26              00119980723    111413AOInstitutionID for PatronID|AAPatronID|AEPatron Name|BLY|AFScreenMessage 0 for PatronID, Language 1|AFScreen Message 1 for PatronID, Language 1|AGPrint Line 0 for PatronID, Language 1|AY7AZ8EA6',
    false,
  ],
  [
    '1808000119980723    115615CF00000|ABItemBook|AJTitle For Item Book|CK003|AQPermanent Location for ItemBook, Language 1|APCurrent Location ItemBook|CHFree-form text with new item property|AY0AZC05B',
    true,
  ],
  [
    '120NNY19960212    100514AO|AA104000000105|AB000000000005792|AJ|AH|AFItem cannot be charged : see help desk|AGItem can not be charged : see help desk|AY3AZD2A1',
    false,
  ],
  [
    '101YNN19980821    085721AOCertification Institute ID|ABCheckInBook|AQPermanent Location for CheckinBook, Language 1|AJTitle For CheckinBook|AAGoodPatron1|CK001|CHCheckinBook Properties|CLsort bin A1|AFScreen Message for CheckInBook|AGPrint Line for CheckInBook|AY2AZA3FF',
    true,
  ],
  [
    '38Y19980723    111035AOInstitutionID for PatronID|AAPatronID|AFScreenMessage 0 for PatronID, Language 1|AGPrint Line 0 for PatronID, Language 1|AY6AZ9716',
    false,
  ],
  [
    '36Y19980723    110658AOInstitutionID for PatronID|AAPatronID|AFScreenMessage 0 for PatronID, Language 1|AFScreen Message 1 for PatronID, Language 1|AFScreen Message 2 for PatronID, Language 1|AGPrint Line 0 for PatronID, Language 1|AGPrint Line 1 for PatronID, Language 1|AGPrint Line 2 for PatronID, language 1|AY5AZ970F',
    true,
  ],
];
