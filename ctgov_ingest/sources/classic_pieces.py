"""The classic API's names: each piece of a record, and the path of today's data model that it stands for.

Also the second names that classic answers used, and what of today's model they never had (by the classic
API's own list of its structure, version 1.01.05).
"""

from __future__ import annotations

from collections.abc import Iterator

_TABLE = """
.: ProtocolSection=protocolSection ResultsSection=resultsSection AnnotationSection=annotationSection
    DocumentSection=documentSection DerivedSection=derivedSection
protocolSection: IdentificationModule=identificationModule StatusModule=statusModule
    SponsorCollaboratorsModule=sponsorCollaboratorsModule OversightModule=oversightModule
    DescriptionModule=descriptionModule ConditionsModule=conditionsModule DesignModule=designModule
    ArmsInterventionsModule=armsInterventionsModule OutcomesModule=outcomesModule EligibilityModule=eligibilityModule
    ContactsLocationsModule=contactsLocationsModule ReferencesModule=referencesModule
    IPDSharingStatementModule=ipdSharingStatementModule
protocolSection.identificationModule: NCTId=nctId NCTIdAlias=nctIdAliases OrgStudyIdInfo=orgStudyIdInfo
    SecondaryIdInfo=secondaryIdInfos BriefTitle=briefTitle OfficialTitle=officialTitle Acronym=acronym
    Organization=organization
protocolSection.identificationModule.orgStudyIdInfo: OrgStudyId=id OrgStudyIdType=type OrgStudyIdLink=link
protocolSection.identificationModule.secondaryIdInfos: SecondaryId=id SecondaryIdType=type SecondaryIdDomain=domain
    SecondaryIdLink=link
protocolSection.identificationModule.organization: OrgFullName=fullName OrgClass=class
protocolSection.statusModule: StatusVerifiedDate=statusVerifiedDate OverallStatus=overallStatus
    LastKnownStatus=lastKnownStatus DelayedPosting=delayedPosting WhyStopped=whyStopped
    ExpandedAccessInfo=expandedAccessInfo StartDateStruct=startDateStruct
    PrimaryCompletionDateStruct=primaryCompletionDateStruct CompletionDateStruct=completionDateStruct
    StudyFirstSubmitDate=studyFirstSubmitDate StudyFirstSubmitQCDate=studyFirstSubmitQcDate
    StudyFirstPostDateStruct=studyFirstPostDateStruct ResultsWaived=resultsWaived
    ResultsFirstSubmitDate=resultsFirstSubmitDate ResultsFirstSubmitQCDate=resultsFirstSubmitQcDate
    ResultsFirstPostDateStruct=resultsFirstPostDateStruct DispFirstSubmitDate=dispFirstSubmitDate
    DispFirstSubmitQCDate=dispFirstSubmitQcDate DispFirstPostDateStruct=dispFirstPostDateStruct
    LastUpdateSubmitDate=lastUpdateSubmitDate LastUpdatePostDateStruct=lastUpdatePostDateStruct
protocolSection.statusModule.expandedAccessInfo: HasExpandedAccess=hasExpandedAccess ExpandedAccessNCTId=nctId
    ExpandedAccessStatusForNCTId=statusForNctId
protocolSection.statusModule.startDateStruct: StartDate=date StartDateType=type
protocolSection.statusModule.primaryCompletionDateStruct: PrimaryCompletionDate=date PrimaryCompletionDateType=type
protocolSection.statusModule.completionDateStruct: CompletionDate=date CompletionDateType=type
protocolSection.statusModule.studyFirstPostDateStruct: StudyFirstPostDate=date StudyFirstPostDateType=type
protocolSection.statusModule.resultsFirstPostDateStruct: ResultsFirstPostDate=date ResultsFirstPostDateType=type
protocolSection.statusModule.dispFirstPostDateStruct: DispFirstPostDate=date DispFirstPostDateType=type
protocolSection.statusModule.lastUpdatePostDateStruct: LastUpdatePostDate=date LastUpdatePostDateType=type
protocolSection.sponsorCollaboratorsModule: ResponsibleParty=responsibleParty LeadSponsor=leadSponsor
    Collaborator=collaborators
protocolSection.sponsorCollaboratorsModule.responsibleParty: ResponsiblePartyType=type
    ResponsiblePartyInvestigatorFullName=investigatorFullName ResponsiblePartyInvestigatorTitle=investigatorTitle
    ResponsiblePartyInvestigatorAffiliation=investigatorAffiliation ResponsiblePartyOldNameTitle=oldNameTitle
    ResponsiblePartyOldOrganization=oldOrganization
protocolSection.sponsorCollaboratorsModule.leadSponsor: LeadSponsorName=name LeadSponsorClass=class
protocolSection.sponsorCollaboratorsModule.collaborators: CollaboratorName=name CollaboratorClass=class
protocolSection.oversightModule: OversightHasDMC=oversightHasDmc IsFDARegulatedDrug=isFdaRegulatedDrug
    IsFDARegulatedDevice=isFdaRegulatedDevice IsUnapprovedDevice=isUnapprovedDevice IsPPSD=isPpsd
    IsUSExport=isUsExport FDAAA801Violation=fdaaa801Violation
protocolSection.descriptionModule: BriefSummary=briefSummary DetailedDescription=detailedDescription
protocolSection.conditionsModule: Condition=conditions Keyword=keywords
protocolSection.designModule: StudyType=studyType NPtrsToThisExpAccNCTId=nPtrsToThisExpAccNctId
    ExpandedAccessTypes=expandedAccessTypes PatientRegistry=patientRegistry TargetDuration=targetDuration Phase=phases
    DesignInfo=designInfo BioSpec=bioSpec EnrollmentInfo=enrollmentInfo
protocolSection.designModule.expandedAccessTypes: ExpAccTypeIndividual=individual ExpAccTypeIntermediate=intermediate
    ExpAccTypeTreatment=treatment
protocolSection.designModule.designInfo: DesignAllocation=allocation DesignInterventionModel=interventionModel
    DesignInterventionModelDescription=interventionModelDescription DesignPrimaryPurpose=primaryPurpose
    DesignObservationalModel=observationalModel DesignTimePerspective=timePerspective DesignMaskingInfo=maskingInfo
protocolSection.designModule.designInfo.maskingInfo: DesignMasking=masking DesignMaskingDescription=maskingDescription
    DesignWhoMasked=whoMasked
protocolSection.designModule.bioSpec: BioSpecRetention=retention BioSpecDescription=description
protocolSection.designModule.enrollmentInfo: EnrollmentCount=count EnrollmentType=type
protocolSection.armsInterventionsModule: ArmGroup=armGroups Intervention=interventions
protocolSection.armsInterventionsModule.armGroups: ArmGroupLabel=label ArmGroupType=type
    ArmGroupDescription=description ArmGroupInterventionName=interventionNames
protocolSection.armsInterventionsModule.interventions: InterventionType=type InterventionName=name
    InterventionDescription=description InterventionArmGroupLabel=armGroupLabels InterventionOtherName=otherNames
protocolSection.outcomesModule: PrimaryOutcome=primaryOutcomes SecondaryOutcome=secondaryOutcomes
    OtherOutcome=otherOutcomes
protocolSection.outcomesModule.primaryOutcomes: PrimaryOutcomeMeasure=measure PrimaryOutcomeDescription=description
    PrimaryOutcomeTimeFrame=timeFrame
protocolSection.outcomesModule.secondaryOutcomes: SecondaryOutcomeMeasure=measure
    SecondaryOutcomeDescription=description SecondaryOutcomeTimeFrame=timeFrame
protocolSection.outcomesModule.otherOutcomes: OtherOutcomeMeasure=measure OtherOutcomeDescription=description
    OtherOutcomeTimeFrame=timeFrame
protocolSection.eligibilityModule: EligibilityCriteria=eligibilityCriteria HealthyVolunteers=healthyVolunteers Sex=sex
    GenderBased=genderBased GenderDescription=genderDescription MinimumAge=minimumAge MaximumAge=maximumAge
    StdAge=stdAges StudyPopulation=studyPopulation SamplingMethod=samplingMethod Gender=sex
protocolSection.contactsLocationsModule: CentralContact=centralContacts OverallOfficial=overallOfficials
    Location=locations
protocolSection.contactsLocationsModule.centralContacts: CentralContactName=name CentralContactRole=role
    CentralContactPhone=phone CentralContactPhoneExt=phoneExt CentralContactEMail=email
protocolSection.contactsLocationsModule.overallOfficials: OverallOfficialName=name
    OverallOfficialAffiliation=affiliation OverallOfficialRole=role
protocolSection.contactsLocationsModule.locations: LocationFacility=facility LocationStatus=status LocationCity=city
    LocationState=state LocationZip=zip LocationCountry=country LocationContact=contacts
protocolSection.contactsLocationsModule.locations.contacts: LocationContactName=name LocationContactRole=role
    LocationContactPhone=phone LocationContactPhoneExt=phoneExt LocationContactEMail=email
protocolSection.referencesModule: Reference=references SeeAlsoLink=seeAlsoLinks AvailIPD=availIpds
protocolSection.referencesModule.references: ReferencePMID=pmid ReferenceType=type ReferenceCitation=citation
    Retraction=retractions
protocolSection.referencesModule.references.retractions: RetractionPMID=pmid RetractionSource=source
protocolSection.referencesModule.seeAlsoLinks: SeeAlsoLinkLabel=label SeeAlsoLinkURL=url
protocolSection.referencesModule.availIpds: AvailIPDId=id AvailIPDType=type AvailIPDURL=url AvailIPDComment=comment
protocolSection.ipdSharingStatementModule: IPDSharing=ipdSharing IPDSharingDescription=description
    IPDSharingInfoType=infoTypes IPDSharingTimeFrame=timeFrame IPDSharingAccessCriteria=accessCriteria
    IPDSharingURL=url
resultsSection: ParticipantFlowModule=participantFlowModule
    BaselineCharacteristicsModule=baselineCharacteristicsModule OutcomeMeasuresModule=outcomeMeasuresModule
    AdverseEventsModule=adverseEventsModule MoreInfoModule=moreInfoModule
resultsSection.participantFlowModule: FlowPreAssignmentDetails=preAssignmentDetails
    FlowRecruitmentDetails=recruitmentDetails FlowTypeUnitsAnalyzed=typeUnitsAnalyzed FlowGroup=groups
    FlowPeriod=periods
resultsSection.participantFlowModule.groups: FlowGroupId=id FlowGroupTitle=title FlowGroupDescription=description
resultsSection.participantFlowModule.periods: FlowPeriodTitle=title FlowMilestone=milestones
    FlowDropWithdraw=dropWithdraws
resultsSection.participantFlowModule.periods.milestones: FlowMilestoneType=type FlowMilestoneComment=comment
    FlowAchievement=achievements
resultsSection.participantFlowModule.periods.milestones.achievements: FlowAchievementGroupId=groupId
    FlowAchievementComment=comment FlowAchievementNumSubjects=numSubjects FlowAchievementNumUnits=numUnits
resultsSection.participantFlowModule.periods.dropWithdraws: FlowDropWithdrawType=type FlowDropWithdrawComment=comment
    FlowReason=reasons
resultsSection.participantFlowModule.periods.dropWithdraws.reasons: FlowReasonGroupId=groupId
    FlowReasonComment=comment FlowReasonNumSubjects=numSubjects FlowReasonNumUnits=numUnits
resultsSection.baselineCharacteristicsModule: BaselinePopulationDescription=populationDescription
    BaselineTypeUnitsAnalyzed=typeUnitsAnalyzed BaselineGroup=groups BaselineDenom=denoms BaselineMeasure=measures
resultsSection.baselineCharacteristicsModule.groups: BaselineGroupId=id BaselineGroupTitle=title
    BaselineGroupDescription=description
resultsSection.baselineCharacteristicsModule.denoms: BaselineDenomUnits=units BaselineDenomCount=counts
resultsSection.baselineCharacteristicsModule.denoms.counts: BaselineDenomCountGroupId=groupId
    BaselineDenomCountValue=value
resultsSection.baselineCharacteristicsModule.measures: BaselineMeasureTitle=title
    BaselineMeasureDescription=description BaselineMeasurePopulationDescription=populationDescription
    BaselineMeasureParamType=paramType BaselineMeasureDispersionType=dispersionType
    BaselineMeasureUnitOfMeasure=unitOfMeasure BaselineMeasureCalculatePct=calculatePct
    BaselineMeasureDenomUnitsSelected=denomUnitsSelected BaselineMeasureDenom=denoms BaselineClass=classes
resultsSection.baselineCharacteristicsModule.measures.denoms: BaselineMeasureDenomUnits=units
    BaselineMeasureDenomCount=counts
resultsSection.baselineCharacteristicsModule.measures.denoms.counts: BaselineMeasureDenomCountGroupId=groupId
    BaselineMeasureDenomCountValue=value
resultsSection.baselineCharacteristicsModule.measures.classes: BaselineClassTitle=title BaselineClassDenom=denoms
    BaselineCategory=categories
resultsSection.baselineCharacteristicsModule.measures.classes.denoms: BaselineClassDenomUnits=units
    BaselineClassDenomCount=counts
resultsSection.baselineCharacteristicsModule.measures.classes.denoms.counts: BaselineClassDenomCountGroupId=groupId
    BaselineClassDenomCountValue=value
resultsSection.baselineCharacteristicsModule.measures.classes.categories: BaselineCategoryTitle=title
    BaselineMeasurement=measurements
resultsSection.baselineCharacteristicsModule.measures.classes.categories.measurements:
    BaselineMeasurementGroupId=groupId BaselineMeasurementValue=value BaselineMeasurementSpread=spread
    BaselineMeasurementLowerLimit=lowerLimit BaselineMeasurementUpperLimit=upperLimit
    BaselineMeasurementComment=comment
resultsSection.outcomeMeasuresModule: OutcomeMeasure=outcomeMeasures
resultsSection.outcomeMeasuresModule.outcomeMeasures: OutcomeMeasureType=type OutcomeMeasureTitle=title
    OutcomeMeasureDescription=description OutcomeMeasurePopulationDescription=populationDescription
    OutcomeMeasureReportingStatus=reportingStatus OutcomeMeasureAnticipatedPostingDate=anticipatedPostingDate
    OutcomeMeasureParamType=paramType OutcomeMeasureDispersionType=dispersionType
    OutcomeMeasureUnitOfMeasure=unitOfMeasure OutcomeMeasureCalculatePct=calculatePct
    OutcomeMeasureTimeFrame=timeFrame OutcomeMeasureTypeUnitsAnalyzed=typeUnitsAnalyzed
    OutcomeMeasureDenomUnitsSelected=denomUnitsSelected OutcomeGroup=groups OutcomeDenom=denoms OutcomeClass=classes
    OutcomeAnalysis=analyses
resultsSection.outcomeMeasuresModule.outcomeMeasures.groups: OutcomeGroupId=id OutcomeGroupTitle=title
    OutcomeGroupDescription=description
resultsSection.outcomeMeasuresModule.outcomeMeasures.denoms: OutcomeDenomUnits=units OutcomeDenomCount=counts
resultsSection.outcomeMeasuresModule.outcomeMeasures.denoms.counts: OutcomeDenomCountGroupId=groupId
    OutcomeDenomCountValue=value
resultsSection.outcomeMeasuresModule.outcomeMeasures.classes: OutcomeClassTitle=title OutcomeClassDenom=denoms
    OutcomeCategory=categories
resultsSection.outcomeMeasuresModule.outcomeMeasures.classes.denoms: OutcomeClassDenomUnits=units
    OutcomeClassDenomCount=counts
resultsSection.outcomeMeasuresModule.outcomeMeasures.classes.denoms.counts: OutcomeClassDenomCountGroupId=groupId
    OutcomeClassDenomCountValue=value
resultsSection.outcomeMeasuresModule.outcomeMeasures.classes.categories: OutcomeCategoryTitle=title
    OutcomeMeasurement=measurements
resultsSection.outcomeMeasuresModule.outcomeMeasures.classes.categories.measurements:
    OutcomeMeasurementGroupId=groupId OutcomeMeasurementValue=value OutcomeMeasurementSpread=spread
    OutcomeMeasurementLowerLimit=lowerLimit OutcomeMeasurementUpperLimit=upperLimit OutcomeMeasurementComment=comment
resultsSection.outcomeMeasuresModule.outcomeMeasures.analyses: OutcomeAnalysisParamType=paramType
    OutcomeAnalysisParamValue=paramValue OutcomeAnalysisDispersionType=dispersionType
    OutcomeAnalysisDispersionValue=dispersionValue OutcomeAnalysisStatisticalMethod=statisticalMethod
    OutcomeAnalysisStatisticalComment=statisticalComment OutcomeAnalysisPValue=pValue
    OutcomeAnalysisPValueComment=pValueComment OutcomeAnalysisCINumSides=ciNumSides
    OutcomeAnalysisCIPctValue=ciPctValue OutcomeAnalysisCILowerLimit=ciLowerLimit
    OutcomeAnalysisCIUpperLimit=ciUpperLimit OutcomeAnalysisCILowerLimitComment=ciLowerLimitComment
    OutcomeAnalysisCIUpperLimitComment=ciUpperLimitComment OutcomeAnalysisEstimateComment=estimateComment
    OutcomeAnalysisTestedNonInferiority=testedNonInferiority OutcomeAnalysisNonInferiorityType=nonInferiorityType
    OutcomeAnalysisNonInferiorityComment=nonInferiorityComment
    OutcomeAnalysisOtherAnalysisDescription=otherAnalysisDescription OutcomeAnalysisGroupDescription=groupDescription
    OutcomeAnalysisGroupId=groupIds
resultsSection.adverseEventsModule: EventsFrequencyThreshold=frequencyThreshold EventsTimeFrame=timeFrame
    EventsDescription=description EventsAllCauseMortalityComment=allCauseMortalityComment EventGroup=eventGroups
    SeriousEvent=seriousEvents OtherEvent=otherEvents
resultsSection.adverseEventsModule.eventGroups: EventGroupId=id EventGroupTitle=title
    EventGroupDescription=description EventGroupDeathsNumAffected=deathsNumAffected
    EventGroupDeathsNumAtRisk=deathsNumAtRisk EventGroupSeriousNumAffected=seriousNumAffected
    EventGroupSeriousNumAtRisk=seriousNumAtRisk EventGroupOtherNumAffected=otherNumAffected
    EventGroupOtherNumAtRisk=otherNumAtRisk
resultsSection.adverseEventsModule.seriousEvents: SeriousEventTerm=term SeriousEventOrganSystem=organSystem
    SeriousEventSourceVocabulary=sourceVocabulary SeriousEventAssessmentType=assessmentType SeriousEventNotes=notes
    SeriousEventStats=stats
resultsSection.adverseEventsModule.seriousEvents.stats: SeriousEventStatsGroupId=groupId
    SeriousEventStatsNumEvents=numEvents SeriousEventStatsNumAffected=numAffected SeriousEventStatsNumAtRisk=numAtRisk
resultsSection.adverseEventsModule.otherEvents: OtherEventTerm=term OtherEventOrganSystem=organSystem
    OtherEventSourceVocabulary=sourceVocabulary OtherEventAssessmentType=assessmentType OtherEventNotes=notes
    OtherEventStats=stats
resultsSection.adverseEventsModule.otherEvents.stats: OtherEventStatsGroupId=groupId
    OtherEventStatsNumEvents=numEvents OtherEventStatsNumAffected=numAffected OtherEventStatsNumAtRisk=numAtRisk
resultsSection.moreInfoModule: LimitationsAndCaveats=limitationsAndCaveats CertainAgreement=certainAgreement
    PointOfContact=pointOfContact
resultsSection.moreInfoModule.limitationsAndCaveats: LimitationsAndCaveatsDescription=description
resultsSection.moreInfoModule.certainAgreement: AgreementPISponsorEmployee=piSponsorEmployee
    AgreementRestrictionType=restrictionType AgreementRestrictiveAgreement=restrictiveAgreement
    AgreementOtherDetails=otherDetails
resultsSection.moreInfoModule.pointOfContact: PointOfContactTitle=title PointOfContactOrganization=organization
    PointOfContactEMail=email PointOfContactPhone=phone PointOfContactPhoneExt=phoneExt
annotationSection: AnnotationModule=annotationModule
annotationSection.annotationModule: UnpostedAnnotation=unpostedAnnotation ViolationAnnotation=violationAnnotation
annotationSection.annotationModule.unpostedAnnotation: UnpostedResponsibleParty=unpostedResponsibleParty
    UnpostedEvent=unpostedEvents
annotationSection.annotationModule.unpostedAnnotation.unpostedEvents: UnpostedEventType=type UnpostedEventDate=date
    UnpostedEventDateUnknown=dateUnknown
annotationSection.annotationModule.violationAnnotation: ViolationEvent=violationEvents
annotationSection.annotationModule.violationAnnotation.violationEvents: ViolationEventType=type
    ViolationEventDescription=description ViolationEventCreationDate=creationDate ViolationEventIssuedDate=issuedDate
    ViolationEventReleaseDate=releaseDate ViolationEventPostedDate=postedDate
documentSection: LargeDocumentModule=largeDocumentModule
documentSection.largeDocumentModule: LargeDocNoSAP=noSap LargeDoc=largeDocs
documentSection.largeDocumentModule.largeDocs: LargeDocTypeAbbrev=typeAbbrev LargeDocHasProtocol=hasProtocol
    LargeDocHasSAP=hasSap LargeDocHasICF=hasIcf LargeDocLabel=label LargeDocDate=date LargeDocUploadDate=uploadDate
    LargeDocFilename=filename LargeDocSize=size
derivedSection: MiscInfoModule=miscInfoModule ConditionBrowseModule=conditionBrowseModule
    InterventionBrowseModule=interventionBrowseModule
derivedSection.miscInfoModule: VersionHolder=versionHolder RemovedCountry=removedCountries
    SubmissionTracking=submissionTracking
derivedSection.miscInfoModule.submissionTracking: EstimatedResultsFirstSubmitDate=estimatedResultsFirstSubmitDate
    FirstMCPInfo=firstMcpInfo SubmissionInfo=submissionInfos
derivedSection.miscInfoModule.submissionTracking.firstMcpInfo: FirstMCPPostDateStruct=postDateStruct
    ResultsFirstPostedQCCommentsDateStruct=postDateStruct
derivedSection.miscInfoModule.submissionTracking.firstMcpInfo.postDateStruct: FirstMCPPostDate=date
    FirstMCPPostDateType=type ResultsFirstPostedQCCommentsDate=date ResultsFirstPostedQCCommentsDateType=type
derivedSection.miscInfoModule.submissionTracking.submissionInfos: SubmissionReleaseDate=releaseDate
    SubmissionUnreleaseDate=unreleaseDate SubmissionUnreleaseDateUnknown=unreleaseDateUnknown
    SubmissionResetDate=resetDate SubmissionMCPReleaseN=mcpReleaseN
derivedSection.conditionBrowseModule: ConditionMesh=meshes ConditionAncestor=ancestors
    ConditionBrowseLeaf=browseLeaves ConditionBrowseBranch=browseBranches
derivedSection.conditionBrowseModule.meshes: ConditionMeshId=id ConditionMeshTerm=term
derivedSection.conditionBrowseModule.ancestors: ConditionAncestorId=id ConditionAncestorTerm=term
derivedSection.conditionBrowseModule.browseLeaves: ConditionBrowseLeafId=id ConditionBrowseLeafName=name
    ConditionBrowseLeafAsFound=asFound ConditionBrowseLeafRelevance=relevance
derivedSection.conditionBrowseModule.browseBranches: ConditionBrowseBranchAbbrev=abbrev ConditionBrowseBranchName=name
derivedSection.interventionBrowseModule: InterventionMesh=meshes InterventionAncestor=ancestors
    InterventionBrowseLeaf=browseLeaves InterventionBrowseBranch=browseBranches
derivedSection.interventionBrowseModule.meshes: InterventionMeshId=id InterventionMeshTerm=term
derivedSection.interventionBrowseModule.ancestors: InterventionAncestorId=id InterventionAncestorTerm=term
derivedSection.interventionBrowseModule.browseLeaves: InterventionBrowseLeafId=id InterventionBrowseLeafName=name
    InterventionBrowseLeafAsFound=asFound InterventionBrowseLeafRelevance=relevance
derivedSection.interventionBrowseModule.browseBranches: InterventionBrowseBranchAbbrev=abbrev
    InterventionBrowseBranchName=name
"""
"""A group of the model, then its pieces with their names there; lines that begin with a space go on."""


def _pieces(table: str) -> Iterator[tuple[str, str]]:
    for line in table.strip().replace("\n    ", " ").splitlines():
        above, _colon, pairs = line.partition(": ")
        for piece, _equals, name in (pair.partition("=") for pair in pairs.split()):
            yield piece, name if above == "." else f"{above}.{name}"


PIECES: dict[str, str] = dict(_pieces(_TABLE))
"""The path of each piece."""

LATER = frozenset(
    {
        "EstimatedResultsFirstSubmitDate",
        "EventsAllCauseMortalityComment",
        "LargeDocNoSAP",
        "LargeDocSize",
        "NPtrsToThisExpAccNCTId",
        "ResultsWaived",
        "SubmissionUnreleaseDateUnknown",
        "UnpostedEventDateUnknown",
        "ViolationEventCreationDate",
        "ViolationEventDescription",
        "ViolationEventIssuedDate",
        "ViolationEventPostedDate",
        "ViolationEventReleaseDate",
        "ViolationEventType",
    }
)
"""Pieces that the registry added after the classic API: read where they stand, but never missed."""

IGNORED: dict[str, str] = {
    "Rank": "the place in one search answer, which says nothing about the study",
    "OrgStudyIdDomain": "the data model has no field for it any more",
}
"""Keys that are passed over, and why."""
